#!/bin/sh
# build [release|dev|asan|tsan|fuzz]: build the programs; release leaves them in build/bin
. tools/lib.sh

preset=${1:-release}
case $preset in
  fuzz)
    need fuzz
    build fuzz
    ;;
  *) build "$preset" migrationd telec ;;
esac

#!/bin/sh
# test [release|dev|asan|tsan] [CTEST-ARGUMENT...]: build everything and run all tests
. tools/lib.sh

preset=release
case ${1:-} in
  release | dev | asan | tsan)
    preset=$1
    shift
    ;;
esac
dir=$(build_dir "$preset")
need build run test
build "$preset"

# ThreadSanitizer of g++ 12 cannot map its shadow where the kernel spreads addresses over 32 bits.
launcher=
if [ "$preset" = tsan ]; then
  launcher="setarch $(uname -m) --addr-no-randomize"
fi

say "testing $dir"
# shellcheck disable=SC2086  # the launcher is words
exec $launcher ctest --test-dir "$dir" --parallel "$(nproc)" --progress --output-on-failure \
  --no-tests=error --output-junit test-results.xml "$@"

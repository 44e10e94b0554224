#!/bin/sh
# watch-test [WATCHERS] [SEED]: that many watchers cut and resume at random while the daemon is killed
. tools/lib.sh

need build run test
build release migrationd watch_test
export TELEC_WATCHERS="${1:-1000}" TELEC_SEED="${2:-1}"
exec build/bin/watch_test

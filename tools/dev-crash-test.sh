#!/bin/sh
# crash-test [--kills N] [--seed S] [--recorded N]: kill the daemon at random instants, demand that nothing is lost
. tools/lib.sh

need build run test
build release migrationd crash_test
exec build/bin/crash_test "$@"

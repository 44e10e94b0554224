#!/bin/sh
# run: migrate the example installation with a fresh build, and verify it
. tools/lib.sh

build release migrationd telec
exec sh examples/run.sh "$PWD/build/bin"

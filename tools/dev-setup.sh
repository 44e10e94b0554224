#!/bin/sh
# setup [SECTION...]: install what is missing, by section of packages.txt (default: to build and test)
. tools/lib.sh

if [ $# -eq 0 ]; then
  set -- build run test
fi
need "$@"
say "set up: $*"

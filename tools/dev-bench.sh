#!/bin/sh
# bench [parts] [ARGUMENT...]: measure whole commands beside other tools, or the parts; --help: how
. tools/lib.sh

if [ "${1:-}" = parts ]; then
  shift
  need build run bench
  cmake -DMIGRATIOND_BENCH=ON --preset release >/dev/null
  build release bench_programs
  cd build || exit
  for program in core storage rpc script; do
    "bin/${program}_bench" "$@"
  done
  exit
fi
build release migrationd telec
exec /usr/bin/python3 -B bench/whole "$@"

#!/bin/sh
# usage: tidy.sh BUILD-DIR [FILE...]: clang-tidy over our own sources that BUILD-DIR compiles, in parallel;
# prints what it finds and nothing else, and fails if that is anything.
set -eu
dir=$1
shift

if [ $# -eq 0 ]; then
  # Sources of ours only: the build directory holds generated ones.
  # shellcheck disable=SC2046  # our names contain no blanks
  set -- $(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$dir/compile_commands.json" |
    grep -F "$PWD/" | grep -vF "$PWD/build" | sort -u)
fi

# One process for each file, so that a slow one holds up nothing; its output in one piece.
# shellcheck disable=SC2016  # expanded by the inner shell
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh -c '
  out=$(clang-tidy --quiet -p "$0" "$1" 2>&1) && exit 0
  printf "%s\n" "$out" | grep -v "warnings\{0,1\} generated\|^Suppressed "
  exit 1' "$dir"

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

# run_tests CTEST-ARGUMENT...
run_tests() {
  # shellcheck disable=SC2086  # the launcher is words
  $launcher ctest --test-dir "$dir" --parallel "$(nproc)" --output-on-failure --no-tests=error \
    --no-label-summary --output-junit test-results.xml "$@"
}

say "testing $dir"
if [ -t 1 ]; then
  run_tests --progress "$@"
  exit
fi
# In a log one line for each test is enough.
status=$(mktemp)
trap 'rm -f "$status"' EXIT
{
  run_tests "$@" && echo 0 >"$status" || echo $? >"$status"
} | grep -v '^ *Start '
exit "$(cat "$status")"

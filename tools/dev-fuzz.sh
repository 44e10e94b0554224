#!/bin/sh
# fuzz [SECONDS] [TARGET...]: let libFuzzer look for bytes that break a promise, SECONDS (30) for each target
. tools/lib.sh

seconds=${1:-30}
[ $# -eq 0 ] || shift
if [ $# -eq 0 ]; then
  set -- version state_file run_log worker_messages terminal_output script_output config
fi
need build run test fuzz
build fuzz fuzzers

found=0
mkdir -p build-fuzz/found
for target in "$@"; do
  work=build-fuzz/corpus/$target
  mkdir -p "$work"
  say "$target, $seconds s"
  # What is new goes to the first folder; the corpus of the repository is only read.
  "build-fuzz/bin/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="build-fuzz/found/$target-" \
    "$work" "tests/fuzz/corpus/$target" >"build-fuzz/$target.log" 2>&1 || {
    found=1
    grep -E '^broken:|ERROR|runtime error|SUMMARY' "build-fuzz/$target.log" || tail -n 20 "build-fuzz/$target.log"
  }
  grep -E 'number_of_executed_units' "build-fuzz/$target.log" || true
done
if [ "$found" -ne 0 ]; then
  die "something was found: the inputs are in build-fuzz/found, the reports in build-fuzz/*.log"
fi
echo "fuzz: nothing was found in $seconds s for each of: $*"

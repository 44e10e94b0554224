#!/bin/sh
# fault-test: put every fault into every file call of the store, also while it recovers, and print what became of it
. tools/lib.sh

need build run test
build release storage_faults_test
table=$(mktemp)
trap 'rm -f "$table"' EXIT
TELEC_FAULT_FULL=1 TELEC_FAULT_TABLE=$table \
  build/bin/storage_faults_test --gtest_brief=1 --gtest_filter='FaultTableTest.*:RealFilesTest.*'
cat "$table"

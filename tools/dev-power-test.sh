#!/bin/sh
# power-test [--images N] [--seed S]: cut the power of a modelled disk N times (10000), demand that nothing is lost
. tools/lib.sh

images=10000
seed=$(date +%s)
while [ $# -gt 0 ]; do
  case $1 in
    --images) images=${2:?"power-test: --images wants a number"} ;;
    --seed) seed=${2:?"power-test: --seed wants a number"} ;;
    *) die "power-test: what is \"$1\"? Known are --images N and --seed S" ;;
  esac
  shift 2
done
need build run test
build release storage_faults_test
TELEC_POWER_LOSS_IMAGES=$images TELEC_SEED=$seed \
  build/bin/storage_faults_test --gtest_brief=1 --gtest_filter='PowerLoss.*'

#include "daemon/storage/retention.h"

#include <gtest/gtest.h>

namespace migrationd::storage {
namespace {

using std::chrono::hours;

constexpr std::uint64_t kNothingNeeded = 1000;

/// Ten runs of 100 bytes, an hour apart, the newest just now.
std::vector<KeptLog> TenRuns() {
  std::vector<KeptLog> logs;
  for (std::uint64_t run = 1; run <= 10; ++run) logs.push_back({run, 100, hours{run}});
  return logs;
}

StoreLimits NoLimits() { return {1000, hours{1000}, 1'000'000}; }

TEST(Retention, WithinTheLimitsEverythingStays) {
  EXPECT_EQ(CountToPrune(TenRuns(), NoLimits(), kNothingNeeded, hours{10}), 0U);
}

TEST(Retention, TooManyRunsLoseTheOldest) {
  StoreLimits limits = NoLimits();
  limits.max_runs = 7;
  EXPECT_EQ(CountToPrune(TenRuns(), limits, kNothingNeeded, hours{10}), 3U);
}

TEST(Retention, WhatIsTooOldGoes) {
  StoreLimits limits = NoLimits();
  limits.max_age = hours{5};
  EXPECT_EQ(CountToPrune(TenRuns(), limits, kNothingNeeded, hours{10}), 4U);
}

TEST(Retention, TooManyBytesLoseTheOldest) {
  StoreLimits limits = NoLimits();
  limits.max_bytes = 450;
  EXPECT_EQ(CountToPrune(TenRuns(), limits, kNothingNeeded, hours{10}), 6U);
}

TEST(Retention, WhatTheStateNeedsStaysWhateverTheLimitsSay) {
  StoreLimits limits = NoLimits();
  limits.max_runs = 0;
  EXPECT_EQ(CountToPrune(TenRuns(), limits, 3, hours{10}), 2U);
}

TEST(Retention, TheNewestRunAlwaysStays) {
  StoreLimits limits{0, hours{0}, 0};
  EXPECT_EQ(CountToPrune(TenRuns(), limits, kNothingNeeded, hours{5000}), 9U);
  EXPECT_EQ(CountToPrune({}, limits, kNothingNeeded, hours{1}), 0U);
}

}  // namespace
}  // namespace migrationd::storage

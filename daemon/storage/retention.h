#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "daemon/core/event.h"

namespace migrationd::storage {

/// How much history is kept. What one of the limits asks to remove goes, the oldest first.
struct StoreLimits {
  std::size_t max_runs = 1000;
  std::chrono::hours max_age{24 * 365};
  std::uint64_t max_bytes = std::uint64_t{1} << 30U;
};

/// A run log as the limits see it.
struct KeptLog {
  std::uint64_t run = 0;
  std::uint64_t bytes = 0;
  core::WallTime last_event{0};
};

/// How many of `logs` (by ascending number) must go, from the first on. Those of runs from
/// `first_needed` on stay whatever the limits say, as does the newest.
std::size_t CountToPrune(const std::vector<KeptLog>& logs, const StoreLimits& limits,
                         std::uint64_t first_needed, core::WallTime now);

}  // namespace migrationd::storage

#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "daemon/core/plan.h"

namespace migrationd::core {

/// What moved between two plans, given their manifests, in words: "1.2.0/003_x.py was
/// added; 1.1.0/002_y.py was changed".
std::string DescribeDifference(std::string_view planned, std::string_view now);

/// Remembers the last few plans that were handed out, so that a run that is refused because the
/// plan moved can say what did.
class PlanMemory {
 public:
  void Remember(const Plan& plan);
  /// kPlanMoved, with what moved since the plan of `digest` as far as that is still known.
  Error MovedSince(const std::string& digest, const Plan& now) const;

 private:
  struct Remembered {
    std::string digest;
    std::string manifest;
  };
  static constexpr std::size_t kMostPlans = 4;
  std::deque<Remembered> plans_;
};

}  // namespace migrationd::core

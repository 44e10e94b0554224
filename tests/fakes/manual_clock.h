#pragma once

#include "daemon/core/ports.h"

namespace migrationd::fakes {

/// A wall clock that moves on by a millisecond each time somebody looks at it, so that no two
/// events share a time, and that can be set back, as wall clocks are. One thread only.
class ManualClock final : public core::Clock {
 public:
  core::WallTime Now() override { return now_ += std::chrono::milliseconds(1); }
  void SetBack(std::chrono::microseconds by) { now_ -= by; }

 private:
  core::WallTime now_{1'700'000'000'000'000};  // 2023-11-14T22:13:20Z
};

}  // namespace migrationd::fakes

#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>

#include "daemon/core/ports.h"

namespace migrationd::fakes {

/// The loop thread in the hands of a test: nothing happens before the test says so. One thread
/// only.
class FakeExecutor final : public core::Executor {
 public:
  void Post(std::function<void()> task) override;
  std::shared_ptr<void> After(std::chrono::milliseconds delay, std::function<void()> task) override;

  /// Runs what was posted, and what that posts in turn, until nothing is left.
  void RunPosted();
  /// Runs the oldest task that was posted; false: there is none.
  bool RunOne();
  /// Lets monotonic time go by: timers fire in their order, each with all that it posts.
  void Pass(std::chrono::milliseconds time);
  /// The process is gone, and with it everything that it had not done yet.
  void Crash();

 private:
  struct Timer {
    std::weak_ptr<void> alive;
    std::function<void()> task;
  };

  std::deque<std::function<void()>> posted_;
  std::multimap<std::chrono::milliseconds, Timer> timers_;
  std::chrono::milliseconds now_{0};
};

}  // namespace migrationd::fakes

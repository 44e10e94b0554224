#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>

#include "daemon/core/ports.h"

namespace migrationd::fakes {

/// A loop thread of the standard library alone, for tests in which other threads are real.
class LoopThread final : public core::Executor {
 public:
  LoopThread();
  /// Stops at once; what was posted and not run is dropped.
  ~LoopThread() override;
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  void Post(std::function<void()> task) override;
  std::shared_ptr<void> After(std::chrono::milliseconds delay, std::function<void()> task) override;

  /// Runs `task` on the loop thread and returns its result. Not from the loop thread itself.
  template <typename Task>
  auto Do(Task task) {
    std::packaged_task<std::invoke_result_t<Task>()> job(std::move(task));
    auto result = job.get_future();
    Post([&job] { job(); });
    return result.get();
  }

 private:
  struct Timer {
    std::weak_ptr<void> alive;
    std::function<void()> task;
  };
  using SteadyTime = std::chrono::steady_clock::time_point;

  void Loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> posted_;
  std::multimap<SteadyTime, Timer> timers_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace migrationd::fakes

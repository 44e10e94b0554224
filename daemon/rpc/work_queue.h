#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace migrationd::rpc {

/// One thread that does small work in order: it feeds the watchers, so that the loop thread never
/// does. Work must not block.
class WorkQueue {
 public:
  WorkQueue();
  /// Does what is queued, then stops.
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  /// From any thread.
  void Push(std::function<void()> work);

  /// The same, but before all that waits.
  void PushFirst(std::function<void()> work);

 private:
  void Loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> work_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace migrationd::rpc

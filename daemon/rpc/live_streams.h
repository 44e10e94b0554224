#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace migrationd::rpc {

/// How many streams are being served. Any thread.
class LiveStreams {
 public:
  void Add() {
    const std::lock_guard lock(mutex_);
    ++count_;
  }

  void Remove() {
    const std::lock_guard lock(mutex_);
    // Under the lock: whoever waits may destroy this as soon as it is released.
    if (--count_ == 0) none_.notify_all();
  }

  /// Waits until there is none, but no longer than `limit`.
  void AwaitNone(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    none_.wait_for(lock, limit, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

}  // namespace migrationd::rpc

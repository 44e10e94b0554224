#include "tests/fakes/loop_thread.h"

#include <utility>

namespace migrationd::fakes {

LoopThread::LoopThread() {
  thread_ = std::thread([this] { Loop(); });
}

LoopThread::~LoopThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void LoopThread::Post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(task));
  }
  changed_.notify_one();
}

std::shared_ptr<void> LoopThread::After(std::chrono::milliseconds delay,
                                        std::function<void()> task) {
  auto handle = std::make_shared<int>(0);
  const std::lock_guard lock(mutex_);
  timers_.emplace(std::chrono::steady_clock::now() + delay, Timer{handle, std::move(task)});
  return handle;
}

void LoopThread::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (!posted_.empty()) {
      const auto task = std::move(posted_.front());
      posted_.pop_front();
      lock.unlock();
      task();
      lock.lock();
    } else if (timers_.empty()) {
      changed_.wait(lock);
    } else if (const auto due = timers_.begin()->first; due > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, due);
    } else {
      const auto timer = timers_.extract(timers_.begin());
      lock.unlock();
      if (!timer.mapped().alive.expired()) timer.mapped().task();
      lock.lock();
    }
  }
}

}  // namespace migrationd::fakes

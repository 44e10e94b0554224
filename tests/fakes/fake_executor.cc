#include "tests/fakes/fake_executor.h"

#include <utility>

namespace migrationd::fakes {

void FakeExecutor::Post(std::function<void()> task) { posted_.push_back(std::move(task)); }

std::shared_ptr<void> FakeExecutor::After(std::chrono::milliseconds delay,
                                          std::function<void()> task) {
  auto handle = std::make_shared<int>(0);
  timers_.emplace(now_ + delay, Timer{handle, std::move(task)});
  return handle;
}

void FakeExecutor::RunPosted() {
  while (RunOne()) {
  }
}

bool FakeExecutor::RunOne() {
  if (posted_.empty()) return false;
  const auto task = std::move(posted_.front());
  posted_.pop_front();
  task();
  return true;
}

void FakeExecutor::Pass(std::chrono::milliseconds time) {
  const auto until = now_ + time;
  RunPosted();
  while (!timers_.empty() && timers_.begin()->first <= until) {
    const auto timer = timers_.extract(timers_.begin());
    now_ = timer.key();
    if (!timer.mapped().alive.expired()) timer.mapped().task();
    RunPosted();
  }
  now_ = until;
}

void FakeExecutor::Crash() {
  posted_.clear();
  timers_.clear();
}

}  // namespace migrationd::fakes

#include "tests/crash/assassin.h"

namespace migrationd::crash {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::minutes kHung{2};

}  // namespace

KillPlan KillPlan::Roll(Dice& dice) {
  KillPlan plan;
  const std::uint64_t victim = dice.Between(1, 100);
  plan.victim = victim <= 45 ? Victim::kDaemon : victim <= 80 ? Victim::kTree : Victim::kHelper;
  plan.pick = dice.Between(0, 1000);
  if (dice.Chance(35)) {
    // While it starts, recovers or plans. There is no helper to speak of yet.
    if (plan.victim == Victim::kHelper) plan.victim = Victim::kDaemon;
    plan.delay = std::chrono::microseconds(dice.Between(0, 50'000));
    return plan;
  }
  plan.after_events = dice.Between(1, 7);
  // Half of them at once: the event that was shown is the newest that there is.
  if (dice.Chance(50)) plan.delay = std::chrono::microseconds(dice.Between(0, 8'000));
  return plan;
}

Assassin::Assassin(const DaemonLife& life, const KillPlan& plan)
    : life_(life), plan_(plan), planned_(plan.after_events == 0) {
  due_ = Clock::now() + (planned_ ? std::chrono::duration_cast<Clock::duration>(plan.delay)
                                  : std::chrono::duration_cast<Clock::duration>(kHung));
  thread_ = std::thread([this] { Lurk(); });
}

Assassin::~Assassin() { Dismiss(); }

void Assassin::OnEvent() {
  const std::lock_guard lock(mutex_);
  ++events_;
  if (events_ == plan_.after_events) {
    planned_ = true;
    due_ = Clock::now() + plan_.delay;
  } else if (!planned_ || deed_.hit) {
    due_ = Clock::now() + kHung;
  }
  changed_.notify_one();
}

Assassin::Deed Assassin::deed() const {
  const std::lock_guard lock(mutex_);
  return deed_;
}

Assassin::Deed Assassin::Dismiss() {
  {
    const std::lock_guard lock(mutex_);
    dismissed_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
  return deed_;
}

void Assassin::Lurk() {
  std::unique_lock lock(mutex_);
  for (;;) {
    while (!dismissed_ && Clock::now() < due_) changed_.wait_until(lock, due_);
    if (dismissed_) return;
    if (!planned_ || deed_.hit) {
      deed_.hung = true;
      life_.Strike(Victim::kTree, 0);
      return;
    }
    deed_.hit = life_.Strike(plan_.victim, plan_.pick);
    if (deed_.hit != Victim::kHelper) return;
    due_ = Clock::now() + kHung;
  }
}

}  // namespace migrationd::crash

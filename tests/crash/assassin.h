#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

#include "tests/crash/daemon_life.h"

namespace migrationd::crash {

/// When and whom.
struct KillPlan {
  Victim victim = Victim::kDaemon;
  /// How many events a client must have been shown. 0: it counts from the daemon's start.
  std::uint64_t after_events = 0;
  std::chrono::microseconds delay{0};  ///< After that.
  std::uint64_t pick = 0;              ///< Chooses among helpers.

  static KillPlan Roll(Dice& dice);
};

/// A thread that kills as planned. One that finds nothing happening for two minutes kills the
/// daemon, too, and says that it hung.
class Assassin {
 public:
  /// Begins to wait. `life` must live longer.
  Assassin(const DaemonLife& life, const KillPlan& plan);
  ~Assassin();
  Assassin(const Assassin&) = delete;
  Assassin& operator=(const Assassin&) = delete;

  /// A client was shown an event.
  void OnEvent();

  struct Deed {
    std::optional<Victim> hit;
    bool hung = false;
  };
  /// What was done so far.
  Deed deed() const;
  /// Ends the waiting. Nothing is killed after this.
  Deed Dismiss();

 private:
  void Lurk();

  const DaemonLife& life_;
  const KillPlan plan_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::steady_clock::time_point due_;
  std::uint64_t events_ = 0;
  bool planned_ = false;  ///< What is due is the planned kill.
  bool dismissed_ = false;
  Deed deed_;
  std::thread thread_;
};

}  // namespace migrationd::crash

#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/watch/lines.h"

namespace migrationd::watch {

/// Many watchers of one run, each a thread that cuts its stream at random and resumes after the
/// last event that it has seen, whatever becomes of the daemon meanwhile.
class Crew {
 public:
  /// Everybody begins to watch `run`. `lines` must live longer.
  Crew(Lines& lines, std::string run, std::size_t watchers, std::uint64_t seed);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Those who had stopped reading after their first event, to read on when all is over, do so.
  void ReleaseLaggards();

  /// Waits until all have seen the last event, or have given up.
  void Join();

  /// What each has seen: serialized events, in the order in which they came.
  [[nodiscard]] const std::vector<std::vector<std::string>>& seen() const { return seen_; }
  /// What was not as it must be; each a sentence. After Join().
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }
  /// How often a watcher cut its own stream, and how often it lost it with the daemon.
  [[nodiscard]] std::uint64_t cuts() const { return cuts_; }
  [[nodiscard]] std::uint64_t losses() const { return losses_; }

 private:
  enum class Ending { kTerminal, kCut, kLost, kGivenUp };

  void Watch(std::size_t watcher, std::uint64_t seed);
  Ending Follow(std::size_t watcher, telec::Service& service, std::uint64_t budget, bool lags);
  void Complain(std::size_t watcher, const std::string& what);
  void AwaitRelease();

  Lines& lines_;
  const std::string run_;
  std::vector<std::vector<std::string>> seen_;
  std::mutex mutex_;
  std::condition_variable released_;
  bool laggards_released_ = false;
  std::vector<std::string> complaints_;
  std::atomic<std::uint64_t> cuts_{0};
  std::atomic<std::uint64_t> losses_{0};
  std::vector<std::thread> threads_;
};

}  // namespace migrationd::watch

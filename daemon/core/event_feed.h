#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "daemon/core/event.h"
#include "daemon/core/result.h"

namespace migrationd::core {

/// The recent events of the run that is going on, for any number of readers on any threads. A
/// reader is a cursor: one that lags holds nothing up, it finds its events in the store instead.
/// Memory is bounded by `window_bytes`.
///
/// Append and Close are for the loop thread; the rest for any thread. Nothing blocks but on a short
/// mutex.
class EventFeed {
 public:
  explicit EventFeed(std::size_t window_bytes) : window_bytes_(window_bytes) {}

  struct Page {
    std::vector<EventPtr> events;
    bool behind = false;         ///< The next event has left the window: read it from the store.
    bool complete = false;       ///< The last of `events`, or what was read before, is terminal.
    std::optional<Error> error;  ///< The feed was closed by this; `events` is empty.
  };

  /// Adds events that are stored, and wakes whoever waits for them: so many as it returns. In their
  /// order, without gaps.
  std::size_t Append(std::span<const EventPtr> events);

  /// There will be no more: the run's facts can no longer be stored.
  void Close(Error error);

  /// The events after `sequence`, about `max_bytes` of them at most but at least one if there is
  /// one.
  Page ReadAfter(std::uint64_t sequence, std::size_t max_bytes) const;

  using WaitId = std::uint64_t;
  /// Calls `wake` once, when ReadAfter(sequence) has something to say; `wake` runs on the appending
  /// thread and must not block. Returns a handle for Forget, or nullopt, and registers nothing,
  /// when there is something to say already.
  std::optional<WaitId> Wait(std::uint64_t sequence, std::function<void()> wake);

  /// Takes a waiter out. When it returns, `wake` is neither running nor going to be called.
  void Forget(WaitId id);

  /// Sequence of the last event appended; 0 when there is none.
  std::uint64_t last_sequence() const;

 private:
  bool HasNewsLocked(std::uint64_t sequence) const;

  const std::size_t window_bytes_;
  mutable std::mutex mutex_;
  std::mutex
      waking_;  ///< Held while wakers run, so that Forget can wait for them. Taken before mutex_.
  std::deque<EventPtr> window_;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
  bool complete_ = false;
  std::optional<Error> error_;
  std::map<WaitId, std::function<void()>> waiters_;
  WaitId next_waiter_ = 1;
};

}  // namespace migrationd::core

#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "daemon/core/event_feed.h"
#include "daemon/core/ports.h"

namespace migrationd::core {

/// Shows stored events to a feed's readers: at once what comes alone, together what comes in a
/// hurry. Waking a hundred watchers for each event would cost more than the run itself.
///
/// Loop thread only. Nothing is held back for longer than `Pace::longest`, and nothing when the run
/// ends.
class FeedPacer {
 public:
  struct Pace {
    /// Below what a person notices.
    std::chrono::milliseconds interval{100};
    /// Longer by so much for each who was woken: a crowd shall not cost the run its processors.
    std::chrono::milliseconds for_each{1};
    std::chrono::milliseconds longest{500};
    /// So much does not wait: events in a flood must not leave the feed's window unread.
    std::size_t bytes = std::size_t{64} << 10U;
  };

  /// Both must outlive this.
  FeedPacer(EventFeed& feed, Executor& executor, Pace pace)
      : feed_(feed), executor_(executor), pace_(pace) {}

  /// Takes events that are stored, in their order.
  void Append(std::span<const EventPtr> events);

  /// Shows what is held back: whoever joins sees all that is stored.
  void Flush();

 private:
  void OnTick();

  EventFeed& feed_;
  Executor& executor_;
  const Pace pace_;
  std::vector<EventPtr> held_back_;
  std::size_t bytes_ = 0;
  std::shared_ptr<void> tick_;  ///< Set for `interval` after something was shown.
};

}  // namespace migrationd::core

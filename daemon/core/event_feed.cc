#include "daemon/core/event_feed.h"

#include <utility>

namespace migrationd::core {

std::size_t EventFeed::Append(std::span<const EventPtr> events) {
  const std::lock_guard waking(waking_);
  std::map<WaitId, std::function<void()>> awake;
  {
    const std::lock_guard lock(mutex_);
    for (const EventPtr& event : events) {
      window_.push_back(event);
      bytes_ += SizeOf(*event);
      last_ = event->sequence;
      complete_ = complete_ || IsTerminal(event->fact);
    }
    while (bytes_ > window_bytes_ && window_.size() > 1) {
      bytes_ -= SizeOf(*window_.front());
      window_.pop_front();
    }
    awake.swap(waiters_);
  }
  for (const auto& [id, wake] : awake) wake();
  return awake.size();
}

void EventFeed::Close(Error error) {
  const std::lock_guard waking(waking_);
  std::map<WaitId, std::function<void()>> awake;
  {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
    awake.swap(waiters_);
  }
  for (const auto& [id, wake] : awake) wake();
}

EventFeed::Page EventFeed::ReadAfter(std::uint64_t sequence, std::size_t max_bytes) const {
  const std::lock_guard lock(mutex_);
  Page page;
  if (sequence >= last_) {
    page.complete = complete_;
    if (!complete_) page.error = error_;
    return page;
  }
  const std::uint64_t first = window_.front()->sequence;
  if (sequence + 1 < first) {
    page.behind = true;
    return page;
  }
  std::size_t bytes = 0;
  for (std::size_t i = sequence + 1 - first; i < window_.size(); ++i) {
    bytes += SizeOf(*window_[i]);
    if (!page.events.empty() && bytes > max_bytes) return page;
    page.events.push_back(window_[i]);
  }
  page.complete = complete_;
  return page;
}

std::optional<EventFeed::WaitId> EventFeed::Wait(std::uint64_t sequence,
                                                 std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  if (HasNewsLocked(sequence)) return std::nullopt;
  const WaitId id = next_waiter_++;
  waiters_.emplace(id, std::move(wake));
  return id;
}

void EventFeed::Forget(WaitId id) {
  const std::lock_guard waking(waking_);
  const std::lock_guard lock(mutex_);
  waiters_.erase(id);
}

std::uint64_t EventFeed::last_sequence() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

bool EventFeed::HasNewsLocked(std::uint64_t sequence) const {
  return sequence < last_ || complete_ || error_.has_value();
}

}  // namespace migrationd::core

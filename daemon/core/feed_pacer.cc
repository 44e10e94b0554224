#include "daemon/core/feed_pacer.h"

#include <algorithm>

namespace migrationd::core {

void FeedPacer::Append(std::span<const EventPtr> events) {
  bool urgent = !tick_;
  for (const EventPtr& event : events) {
    held_back_.push_back(event);
    bytes_ += SizeOf(*event);
    urgent = urgent || IsTerminal(event->fact);
  }
  if (urgent || bytes_ >= pace_.bytes) Flush();
}

void FeedPacer::Flush() {
  if (held_back_.empty()) return;
  const auto woken = static_cast<int>(feed_.Append(held_back_));
  held_back_.clear();
  bytes_ = 0;
  tick_ = executor_.After(std::min(pace_.interval + woken * pace_.for_each, pace_.longest),
                          [this] { OnTick(); });
}

void FeedPacer::OnTick() {
  tick_.reset();
  Flush();
}

}  // namespace migrationd::core

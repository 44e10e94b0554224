#include "daemon/core/feed_pacer.h"

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
  feed_.Append(held_back_);
  held_back_.clear();
  bytes_ = 0;
  tick_ = executor_.After(pace_.interval, [this] { OnTick(); });
}

void FeedPacer::OnTick() {
  tick_.reset();
  Flush();
}

}  // namespace migrationd::core

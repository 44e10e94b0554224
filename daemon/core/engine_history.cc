#include <utility>

#include "daemon/core/engine.h"
#include "daemon/core/text.h"

namespace migrationd::core {
namespace {

Error PositionUnknown(const RunId& run, std::uint64_t after, const std::string& why) {
  return Error{
      Reason::kPositionUnknown,
      "run " + run.text + " has no event " + std::to_string(after) + " to go on from: " + why,
      "Watch the run from its beginning (after_sequence 0)."};
}

}  // namespace

bool Engine::IsCurrent(const RunId& run) const {
  return execution_ &&
         (run.text == execution_->id().text || run.text == std::to_string(execution_->id().number));
}

Result<Subscription> Engine::Subscribe(const std::optional<RunId>& run, std::uint64_t after,
                                       std::optional<WallTime> after_time) {
  Subscription subscription;
  if (execution_ && (!run || IsCurrent(*run))) {
    subscription = {execution_->id(), execution_->feed()};
    if (after > execution_->feed()->last_sequence()) {
      return PositionUnknown(subscription.run, after, "it has not come so far");
    }
  } else if (run) {
    auto found = ports_.store.FindRun(*run);
    if (!found) return found.error();
    subscription.run = *found;
  } else {
    auto runs = ports_.store.ListRuns(0, 1);
    if (!runs) return runs.error();
    if (runs->empty()) {
      return Error{Reason::kRunNotFound, "there is no run yet", "Start one with `telec migrate`."};
    }
    subscription.run = runs->front().id;
  }
  if (after == 0) return subscription;

  // The event at the position itself tells whether this is the log that the caller has seen.
  auto page = ports_.store.ReadEvents(subscription.run, after - 1, 1);
  if (!page) return page.error();
  if (page->events.empty() || page->events.front()->sequence != after) {
    return PositionUnknown(subscription.run, after,
                           "its log is shorter, output may have been lost with the power");
  }
  if (after_time && page->events.front()->time != *after_time) {
    return PositionUnknown(subscription.run, after, "the event there is another one than was seen");
  }
  return subscription;
}

Result<EventPage> Engine::ReadEvents(const RunId& run, std::uint64_t after, std::size_t max_bytes) {
  return ports_.store.ReadEvents(run, after, max_bytes);
}

Result<RunId> Engine::Cancel(const std::optional<RunId>& run, CancelMode mode,
                             const Requester& by) {
  SettleRunEnd();
  if (!execution_) {
    return Error{Reason::kNoRunInProgress, "there is no run to cancel",
                 "See `telec migrate history`."};
  }
  const RunId current = execution_->id();
  if (run && !IsCurrent(*run)) {
    return Error{Reason::kRunNotFound,
                 "run " + run->text + " is not the one that is going on; that is " + current.text,
                 "Give that id, or none to cancel whatever is going on."};
  }
  if (const Status recorded = execution_->Cancel(mode, by, false); !recorded) {
    return recorded.error().In("the run is being stopped, but that could not be recorded");
  }
  return current;
}

Result<RunPage> Engine::ListRuns(std::uint64_t before, std::size_t limit) {
  // One more than asked for tells whether there is another page.
  auto runs = ports_.store.ListRuns(before, limit + 1);
  if (!runs) return runs.error();
  RunPage page;
  page.runs = std::move(*runs);
  if (page.runs.size() > limit) {
    page.runs.resize(limit);
    page.next_before = page.runs.back().id.number;
  }
  if (execution_ && !page.runs.empty() && page.runs.front().id == execution_->id()) {
    page.runs.front() = execution_->summary();
  }
  return page;
}

}  // namespace migrationd::core

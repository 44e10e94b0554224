#include "tests/storage/faults/ledger.h"

#include "daemon/storage/log_frame.h"

namespace migrationd::storage {
namespace {

constexpr std::size_t kPage = 4096;

/// All events of a run, page by page.
core::Result<std::vector<core::EventPtr>> ReadRun(core::RunStore& store, const core::RunId& run) {
  std::vector<core::EventPtr> events;
  for (;;) {
    core::Result<core::EventPage> page = store.ReadEvents(run, events.size(), kPage);
    if (!page.ok()) return page.error();
    if (page->events.empty()) return events;
    events.insert(events.end(), page->events.begin(), page->events.end());
  }
}

core::Error Broken(const std::string& how) {
  return core::Error{core::Reason::kInternal, "PROMISE broken: " + how, ""};
}

bool IsOver(const Ledger::Run& run) {
  return !run.told.empty() && core::IsTerminal(run.told.back()->fact);
}

}  // namespace

core::State Ledger::Acknowledged() const {
  core::State state = base_;
  for (const Run& run : runs_) {
    for (std::size_t i = 0; i < run.stored; ++i) core::Apply(state, run.id, *run.told[i]);
  }
  return state;
}

core::Status Ledger::SettleRun(core::RunStore& store, Run& run, bool is_last, bool power_went) {
  const core::Result<std::vector<core::EventPtr>> events = ReadRun(store, run.id);
  if (!events.ok()) {
    if (events.error().reason == core::Reason::kRunNotFound) {
      if (!is_last && run.may_be_pruned) return core::Ok();
      if (is_last && !run.begun) {
        run.told.clear();
        return core::Ok();
      }
    }
    if (events.error().reason == core::Reason::kStorageFailed ||
        events.error().reason == core::Reason::kStorageFull) {
      return events.error();
    }
    return Broken("run " + run.id.text + " cannot be read: " + events.error().message);
  }
  const std::size_t promised = power_went ? run.durable : run.stored;
  if (events->size() < promised || events->size() > run.told.size()) {
    return Broken("run " + run.id.text + " has " + std::to_string(events->size()) +
                  " events; promised were " + std::to_string(promised) + " of " +
                  std::to_string(run.told.size()));
  }
  for (std::size_t i = 0; i < events->size(); ++i) {
    if (EncodeLine(*(*events)[i], 0) != EncodeLine(*run.told[i], 0)) {
      return Broken("run " + run.id.text + " has another event " + std::to_string(i + 1));
    }
  }
  if (!is_last && events->size() < run.told.size()) {
    return Broken("run " + run.id.text + " lost its end");
  }
  run.told.resize(events->size());
  run.stored = run.durable = run.told.size();
  run.begun = true;
  return core::Ok();
}

core::Status Ledger::Settle(core::RunStore& store, const core::StoredState& found,
                            bool power_went) {
  for (Run& run : runs_) {
    core::Status kept = SettleRun(store, run, &run == &runs_.back(), power_went);
    if (!kept.ok()) return kept;
  }
  if (!runs_.empty() && runs_.back().told.empty()) runs_.pop_back();

  if (found.state != Acknowledged()) return Broken("the state is not the fold of what was stored");
  const Run* last = runs_.empty() ? nullptr : &runs_.back();
  if (found.last_run != (last == nullptr ? 0 : last->id.number)) {
    return Broken("the last run's number is wrong");
  }
  if (found.last_sequence != (last == nullptr ? 0 : last->told.size())) {
    return Broken("the last sequence is wrong");
  }
  const bool goes_on = last != nullptr && !IsOver(*last);
  if (found.unfinished.has_value() != goes_on || (goes_on && *found.unfinished != last->id)) {
    return Broken("the unfinished run is wrong");
  }
  return core::Ok();
}

}  // namespace migrationd::storage

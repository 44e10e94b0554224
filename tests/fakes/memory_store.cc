#include "tests/fakes/memory_store.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace migrationd::fakes {

using core::Error;
using core::EventPage;
using core::EventPtr;
using core::Ok;
using core::Reason;
using core::Result;
using core::RunId;
using core::RunSummary;
using core::State;
using core::Status;

Error DiskFull() {
  return Error{Reason::kStorageFull, "cannot write the run log: No space left on device",
               "Make room on the disk."};
}

Error DiskBroken() {
  return Error{Reason::kStorageFailed, "cannot write the run log: Input/output error",
               "Look after the disk."};
}

void MemoryStore::Crash() {
  for (Log& log : logs_) log.events.resize(log.durable);
  open_ = false;
  closed_by_.reset();
}

void MemoryStore::FailNextWrite(Error error, bool written) {
  write_error_ = std::move(error);
  error_after_writing_ = written;
}

std::vector<EventPtr> MemoryStore::EventsOf(const RunId& run) const {
  const Log* log = Find(run);
  return log == nullptr ? std::vector<EventPtr>() : log->events;
}

Result<core::StoredState> MemoryStore::Open() {
  ++opens_;
  if (open_error_) return *open_error_;
  open_ = true;
  closed_by_.reset();
  core::StoredState stored;
  stored.state = forgotten_;
  for (const Log& log : logs_) {
    for (const EventPtr& event : log.events) core::Apply(stored.state, log.run, *event);
    stored.last_run = log.run.number;
  }
  if (!logs_.empty() && !logs_.back().events.empty()) {
    stored.last_sequence = logs_.back().events.back()->sequence;
    if (!core::IsTerminal(logs_.back().events.back()->fact)) stored.unfinished = logs_.back().run;
  }
  stored.notices = std::exchange(notices_, {});
  return stored;
}

Status MemoryStore::CheckRoom() {
  if (room_ && (*room_)-- <= 0) {
    room_ = 0;
    return Error{Reason::kStorageFull,
                 "less than the reserve of 16 MiB is left beside the state file",
                 "Make room on the disk."};
  }
  return Ok();
}

Status MemoryStore::Begin(const RunId& run, std::span<const EventPtr> events) {
  if (!open_) throw std::logic_error("a run was begun before the store was opened");
  if (!logs_.empty() && run.number <= logs_.back().run.number)
    throw std::logic_error("run numbers do not grow");
  logs_.push_back(Log{run, {}, 0});
  Status written = Write(events, true);
  if (!written && logs_.back().events.empty()) logs_.pop_back();
  return written;
}

Status MemoryStore::Append(std::span<const EventPtr> events, bool durable) {
  return Write(events, durable);
}

Status MemoryStore::Write(std::span<const EventPtr> events, bool durable) {
  if (closed_by_) return *closed_by_;
  if (!open_) throw std::logic_error("an event was appended before the store was opened");
  durable_writes_ += durable ? 1 : 0;
  const auto error = std::exchange(write_error_, std::nullopt);
  if (error) closed_by_ = error;
  if (error && !error_after_writing_) return *error;
  Log& log = logs_.back();
  for (const EventPtr& event : events) {
    if (event->sequence != log.events.size() + 1) throw std::logic_error("the sequence has a gap");
    if (!log.events.empty() && core::IsTerminal(log.events.back()->fact)) {
      throw std::logic_error("an event follows the terminal one");
    }
    log.events.push_back(event);
  }
  if (durable) log.durable = log.events.size();
  return error ? Status(*error) : Ok();
}

Status MemoryStore::Checkpoint(const State& state) {
  if (closed_by_) return *closed_by_;
  ++checkpoints_;
  if (auto error = std::exchange(checkpoint_error_, std::nullopt)) return *error;
  checkpoint_ = state;
  return Ok();
}

Result<EventPage> MemoryStore::ReadEvents(const RunId& run, std::uint64_t after,
                                          std::size_t max_bytes) {
  ++reads_;
  const Log* log = Find(run);
  if (log == nullptr)
    return Error{Reason::kRunNotFound, "there is no run " + run.text, "See the history."};
  if (after > log->events.size()) {
    return Error{Reason::kPositionUnknown,
                 "run " + run.text + " has no event " + std::to_string(after), ""};
  }
  EventPage page;
  std::size_t bytes = 0;
  for (std::size_t i = after; i < log->events.size(); ++i) {
    bytes += core::SizeOf(*log->events[i]);
    if (!page.events.empty() && bytes > max_bytes) return page;
    page.events.push_back(log->events[i]);
    page.complete = core::IsTerminal(log->events[i]->fact);
  }
  return page;
}

Result<std::vector<RunSummary>> MemoryStore::ListRuns(std::uint64_t before, std::size_t limit) {
  std::vector<RunSummary> runs;
  for (auto log = logs_.rbegin(); log != logs_.rend() && runs.size() < limit; ++log) {
    if (before == 0 || log->run.number < before) runs.push_back(SummaryOf(*log));
  }
  return runs;
}

std::optional<RunSummary> MemoryStore::FindRequest(const std::string& request_id) {
  for (const Log& log : logs_) {
    RunSummary summary = SummaryOf(log);
    if (summary.request_id == request_id) return summary;
  }
  return std::nullopt;
}

Result<RunId> MemoryStore::FindRun(const RunId& run) {
  const Log* log = Find(run);
  if (log == nullptr)
    return Error{Reason::kRunNotFound, "there is no run " + run.text, "See the history."};
  return log->run;
}

std::size_t MemoryStore::Prune(core::WallTime /*now*/) {
  std::size_t pruned = 0;
  for (; logs_.size() > kept_runs_; ++pruned) {
    for (const EventPtr& event : logs_.front().events)
      core::Apply(forgotten_, logs_.front().run, *event);
    logs_.erase(logs_.begin());
  }
  return pruned;
}

RunSummary MemoryStore::SummaryOf(const Log& log) {
  RunSummary summary;
  summary.id = log.run;
  for (const EventPtr& event : log.events) core::Apply(summary, *event);
  return summary;
}

const MemoryStore::Log* MemoryStore::Find(const RunId& run) const {
  const auto found = std::find_if(logs_.begin(), logs_.end(), [&run](const Log& log) {
    return log.run.text == run.text || std::to_string(log.run.number) == run.text;
  });
  return found == logs_.end() ? nullptr : &*found;
}

}  // namespace migrationd::fakes

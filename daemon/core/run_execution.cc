#include "daemon/core/run_execution.h"

#include <algorithm>
#include <utility>

#include "daemon/core/migration_ending.h"

namespace migrationd::core {
namespace {

constexpr std::size_t kCompiledAhead = 32;

}  // namespace

RunExecution::RunExecution(const Ports& ports, RunOrder order, const RunLimits& limits,
                           EndCallback on_end)
    : ports_(ports),
      order_(std::move(order)),
      limits_(limits),
      on_end_(std::move(on_end)),
      feed_(std::make_shared<EventFeed>(limits.feed_bytes)),
      pacer_(*feed_, ports.executor, limits.pace),
      last_checkpoint_(std::chrono::steady_clock::now()) {
  summary_.id = order_.id;
}

Status RunExecution::Begin() {
  std::vector<EventPtr> events{MakeEvent(order_.started)};
  if (HasStep()) {
    if (EventPtr start = StartOf(step())) events.push_back(std::move(start));
  } else {
    events.push_back(RunEnd(RunOutcome::kSucceeded, ""));
  }
  if (HasStep()) StartStep();
  if (const Status begun = ports_.store.Begin(order_.id, events); !begun) {
    Abandon(begun.error());
    return begun;
  }
  Publish(events);
  if (HasStep()) {
    Proceed();
  } else {
    Finish();
  }
  return Ok();
}

Status RunExecution::Cancel(CancelMode mode, const Requester& by, bool shutdown) {
  const bool known = cancel_ && (*cancel_ == mode || *cancel_ == CancelMode::kNow);
  if (!known) {
    const std::vector<EventPtr> events{MakeEvent(CancelRequested{mode, by, shutdown})};
    if (const Status stored = ports_.store.Append(events, true); !stored) {
      // What was asked for is done all the same: a full disk must not keep anyone from stopping a
      // script.
      storage_error_ = stored.error();
    } else {
      Publish(events);
    }
    cancel_ = mode;
    shutdown_ = shutdown_ || shutdown;
  }
  if (mode == CancelMode::kNow) ports_.runner.Stop();
  return storage_error_ ? Status(*storage_error_) : Ok();
}

void RunExecution::OnOutput(OutputStream stream, std::string text) {
  if (storage_error_) return;
  if (kept_output_ + text.size() > limits_.output_bytes) {
    dropped_output_ += text.size();
    return;
  }
  kept_output_ += text.size();
  const std::vector<EventPtr> events{
      MakeEvent(OutputWritten{step().migration->id, stream, std::move(text)})};
  if (const Status stored = ports_.store.Append(events, false); !stored) {
    storage_error_ = stored.error();
    return;
  }
  Publish(events);
}

void RunExecution::OnProgress(double done, double total, std::string message) {
  if (storage_error_) return;
  const auto now = std::chrono::steady_clock::now();
  const bool last = total > 0 && done >= total;
  if (!last && now - last_progress_ < limits_.progress_interval) return;
  last_progress_ = now;
  const std::vector<EventPtr> events{
      MakeEvent(ProgressReported{step().migration->id, done, total, std::move(message)})};
  if (const Status stored = ports_.store.Append(events, false); !stored) {
    storage_error_ = stored.error();
    return;
  }
  Publish(events);
}

void RunExecution::OnEnd(ScriptEnd end) {
  if (storage_error_) {
    Halt(*storage_error_);
  } else if (auto ending = EndingAfter(end)) {
    EndRun(std::move(end), std::move(*ending));
  } else {
    GoOn(std::move(end));
  }
}

void RunExecution::EndRun(ScriptEnd end, Ending ending) {
  std::vector<EventPtr> events = EventsOf(std::move(end));
  events.push_back(RunEnd(ending.first, std::move(ending.second)));
  if (const Status stored = ports_.store.Append(events, true); !stored) {
    Halt(stored.error());
    return;
  }
  Publish(events);
  Finish();
}

void RunExecution::GoOn(ScriptEnd end) {
  std::vector<EventPtr> events = EventsOf(std::move(end));
  order_.steps.pop_front();
  if (compiled_ > 0) --compiled_;
  if (EventPtr start = StartOf(step())) events.push_back(std::move(start));
  // Its check() is asked while the disk writes: only what changes something has to wait.
  StartStep();
  if (const Status stored = ports_.store.Append(events, true); !stored) {
    Abandon(stored.error());
    return;
  }
  Publish(events);
  Proceed();
  CheckpointIfDue();
}

std::vector<EventPtr> RunExecution::EventsOf(ScriptEnd end) {
  std::vector<EventPtr> events;
  for (std::string& notice : end.notices) {
    events.push_back(MakeEvent(NoticeGiven{step().migration->id, std::move(notice)}));
  }
  events.push_back(EndOf(std::move(end)));
  // The counts that the run's end tells are the summary's, which has not seen this end yet.
  for (const EventPtr& event : events) Apply(summary_, *event);
  return events;
}

EventPtr RunExecution::MakeEvent(Fact fact) {
  return std::make_shared<const Event>(Event{++sequence_, ports_.clock.Now(), std::move(fact)});
}

EventPtr RunExecution::StartOf(const RunStep& step) {
  if (step.recheck) return nullptr;
  return MakeEvent(MigrationStarted{step.migration->id, step.migration->sha256,
                                    step.migration->description, ++position_});
}

EventPtr RunExecution::EndOf(ScriptEnd end) {
  MigrationEnding ending = EndingOf(end, step().interrupted, shutdown_);
  if (step().recheck) {
    return MakeEvent(
        MigrationRechecked{step().migration->id, EndedWell(end), std::move(ending.failure)});
  }
  end.output.dropped += std::exchange(dropped_output_, 0);
  return MakeEvent(MigrationEnded{step().migration->id, ending.outcome, step().migration->sha256,
                                  end.duration, end.output, std::move(ending.failure)});
}

EventPtr RunExecution::RunEnd(RunOutcome outcome, std::string message) {
  Version reached = order_.current;
  // A run that began above the current version left out what lies between: the host is still where
  // it was.
  if (outcome == RunOutcome::kSucceeded && order_.from <= order_.current)
    reached = std::max(reached, order_.to);
  return MakeEvent(RunEnded{outcome, reached.Canonical(), summary_.applied,
                            summary_.already_applied, std::move(message)});
}

std::optional<RunExecution::Ending> RunExecution::Verdict(const ScriptEnd& end) const {
  const RunOutcome stopped = shutdown_ ? RunOutcome::kInterrupted : RunOutcome::kCancelled;
  const std::string why = shutdown_ ? "migrationd was stopped" : "it was cancelled";
  if (std::holds_alternative<ScriptStopped>(end.how)) return std::pair(stopped, why);
  if (!step().recheck && !EndedWell(end)) {
    return std::pair(RunOutcome::kFailed, step().migration->id + " did not end well");
  }
  if (cancel_ && NextStep() != nullptr) return std::pair(stopped, why);
  return std::nullopt;
}

std::optional<RunExecution::Ending> RunExecution::EndingAfter(const ScriptEnd& end) {
  if (auto verdict = Verdict(end)) return verdict;
  if (NextStep() == nullptr) return std::pair(RunOutcome::kSucceeded, "");
  if (const Status room = ports_.store.CheckRoom(); !room) {
    return std::pair(RunOutcome::kFailed,
                     "halted before the next migration: " + room.error().message);
  }
  return std::nullopt;
}

void RunExecution::Publish(const std::vector<EventPtr>& events) {
  for (const EventPtr& event : events) {
    Apply(ports_.state, order_.id, *event);
    if (event->sequence > summary_.last_sequence) Apply(summary_, *event);
    if (ports_.observer) ports_.observer(order_.id, *event);
  }
  pacer_.Append(events);
}

std::shared_ptr<EventFeed> RunExecution::feed() {
  pacer_.Flush();
  return feed_;
}

void RunExecution::StartStep() {
  last_progress_ = {};
  dropped_output_ = 0;
  ports_.runner.Start(JobOf(step()), *this);
  // The run keeps no script longer than it needs it.
  order_.steps.front().bytes.reset();
}

void RunExecution::Proceed() {
  ports_.runner.Proceed();
  const RunStep* next = NextStep();
  if (cancel_ || next == nullptr) return;
  ports_.runner.Prepare(JobOf(*next));
  CompileAhead();
}

void RunExecution::CompileAhead() {
  // Half of them are still to be used when more are asked for.
  if (compiled_ > kCompiledAhead / 2) return;
  const std::size_t begin = 2 + compiled_;
  const std::size_t end = std::min(begin + kCompiledAhead, order_.steps.size());
  if (begin >= end) return;
  std::vector<Script> scripts;
  for (std::size_t i = begin; i < end; ++i) {
    scripts.push_back({order_.steps[i].migration->path, order_.steps[i].bytes});
  }
  compiled_ += scripts.size();
  ports_.runner.Compile(std::move(scripts));
}

ScriptJob RunExecution::JobOf(const RunStep& step) const {
  return ScriptJob{step.migration->id,
                   Script{step.migration->path, step.bytes},
                   step.recheck ? ScriptJob::Purpose::kCheck : ScriptJob::Purpose::kMigrate,
                   order_.id.text,
                   order_.from.Canonical(),
                   order_.to.Canonical(),
                   step.migration->timeout};
}

void RunExecution::CheckpointIfDue() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_checkpoint_ < limits_.checkpoint_interval) return;
  last_checkpoint_ = now;
  // The log is the record; a checkpoint that fails only makes the next start read more of it.
  static_cast<void>(ports_.store.Checkpoint(ports_.state).ok());
}

void RunExecution::Finish() {
  ports_.runner.Rest();
  const EndCallback done = std::move(on_end_);
  done(ports_.store.Checkpoint(ports_.state));
}

void RunExecution::Abandon(const Error& error) {
  if (!HasStep()) {
    Halt(error);
    return;
  }
  storage_error_ = error;
  CloseFeed(error);
  ports_.runner.Stop();
}

void RunExecution::CloseFeed(const Error& error) {
  pacer_.Flush();
  feed_->Close(error);
}

void RunExecution::Halt(const Error& error) {
  ports_.runner.Rest();
  CloseFeed(error);
  const EndCallback done = std::move(on_end_);
  done(error);
}

}  // namespace migrationd::core

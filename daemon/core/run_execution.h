#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/event_feed.h"
#include "daemon/core/feed_pacer.h"
#include "daemon/core/plan.h"
#include "daemon/core/ports.h"

namespace migrationd::core {

/// Bounds of one run.
struct RunLimits {
  std::uint64_t output_bytes = 64ULL << 20U;  ///< Of all scripts together that the log keeps.
  std::chrono::milliseconds progress_interval{
      100};  ///< Between two progress events of a migration.
  std::chrono::milliseconds checkpoint_interval{5000};
  std::size_t feed_bytes = 1U << 20U;  ///< Recent events kept in memory for watchers.
  FeedPacer::Pace pace;                ///< Of what watchers are shown.
};

/// One thing that a run does.
struct RunStep {
  MigrationPtr migration;
  std::shared_ptr<const std::string> bytes;
  bool recheck = false;      ///< Ask check() only, and report.
  bool interrupted = false;  ///< Found applied means recovered.
};

/// Told each event after it is stored, on the loop thread. May be empty.
using EventObserver = std::function<void(const RunId& run, const Event& event)>;

/// What a run is about to do.
struct RunOrder {
  RunId id;
  RunStarted started;
  std::deque<RunStep> steps;  ///< Each is let go when it has ended.
  Version from;
  Version to;
  Version current;
};

/// One run while it goes on: turns what the script runner says into events, stores them, and only
/// then shows them and folds them into the state. Loop thread only. The end of one migration and
/// the start of the next are made durable by one write, as are the start of the run and of its
/// first; in the meantime the check() of what starts is asked, and its migrate() waits.
class RunExecution final : public ScriptListener {
 public:
  struct Ports {
    RunStore& store;
    ScriptRunner& runner;
    Clock& clock;
    Executor& executor;
    State& state;  ///< Folded as events are stored.
    const EventObserver& observer;
  };
  /// Called once, last, when nothing of the run is alive. With an error: its facts could no longer
  /// be stored.
  using EndCallback = std::function<void(Status)>;

  RunExecution(const Ports& ports, RunOrder order, const RunLimits& limits, EndCallback on_end);

  /// Makes the run's start durable and starts its first migration. With an error there is no run:
  /// what was begun of it is being stopped, and its end is told as that of any other.
  Status Begin();

  /// Records the request and acts on it. Repeated requests of the same mode are recorded once.
  Status Cancel(CancelMode mode, const Requester& by, bool shutdown);

  const RunId& id() const { return order_.id; }
  const RunSummary& summary() const { return summary_; }
  /// With all that is stored so far.
  std::shared_ptr<EventFeed> feed();

  void OnOutput(OutputStream stream, std::string text) override;
  void OnProgress(double done, double total, std::string message) override;
  void OnEnd(ScriptEnd end) override;

 private:
  const RunStep& step() const { return order_.steps.front(); }
  bool HasStep() const { return !order_.steps.empty(); }
  /// Nullptr: the current step is the last.
  const RunStep* NextStep() const { return order_.steps.size() > 1 ? &order_.steps[1] : nullptr; }

  EventPtr MakeEvent(Fact fact);
  EventPtr StartOf(const RunStep& step);
  EventPtr EndOf(ScriptEnd end);
  EventPtr RunEnd(RunOutcome outcome, std::string message);
  using Ending = std::pair<RunOutcome, std::string>;
  /// What the end of the current step means for the run: nullopt to go on, else how it ends.
  std::optional<Ending> Verdict(const ScriptEnd& end) const;
  /// The same, where there is nothing left to do or no room to record it, too.
  std::optional<Ending> EndingAfter(const ScriptEnd& end);

  /// What the end of the current step comes to, in events.
  std::vector<EventPtr> EventsOf(ScriptEnd end);
  void EndRun(ScriptEnd end, Ending ending);
  /// Records the end of the current step, and begins the next one.
  void GoOn(ScriptEnd end);

  /// Folds and shows events that are stored.
  void Publish(const std::vector<EventPtr>& events);
  void StartStep();
  /// Lets the current step change something, and has the one after it got ready.
  void Proceed();
  /// Has the steps after that one compiled.
  void CompileAhead();
  ScriptJob JobOf(const RunStep& step) const;
  void CheckpointIfDue();
  void Finish();
  /// The start of the current step, or of the run, could not be stored: what runs is stopped.
  void Abandon(const Error& error);
  void CloseFeed(const Error& error);
  void Halt(const Error& error);

  Ports ports_;
  RunOrder order_;
  RunLimits limits_;
  EndCallback on_end_;
  std::shared_ptr<EventFeed> feed_;
  FeedPacer pacer_;
  RunSummary summary_;
  std::uint64_t sequence_ = 0;
  std::size_t compiled_ = 0;          ///< Of the steps after the next one, so many from the first.
  std::uint64_t position_ = 0;        ///< Of the migrations started, rechecks not counted.
  std::uint64_t kept_output_ = 0;     ///< Of the whole run, in bytes.
  std::uint64_t dropped_output_ = 0;  ///< Of the current migration, by the run's limit.
  std::chrono::steady_clock::time_point last_progress_{};
  std::chrono::steady_clock::time_point last_checkpoint_;
  std::optional<CancelMode> cancel_;
  bool shutdown_ = false;
  std::optional<Error> storage_error_;
};

}  // namespace migrationd::core

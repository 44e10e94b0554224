#include <utility>

#include "daemon/core/engine.h"

namespace migrationd::core {
namespace {

constexpr std::chrono::seconds kRetryInterval{10};

Failure GoneUnderIt() {
  Failure failure;
  failure.phase = Phase::kStart;
  failure.message =
      "migrationd went away while it ran; the next run asks its check() what happened";
  return failure;
}

}  // namespace

/// The way back to health, taken at the start and before whatever writes, so that a disk that has
/// room again or a process that has ended at last needs no person to say so.
void Engine::EnsureReady(Callback<Unit> done) {
  if (opened_ && !problem_) {
    done(Ok());
    return;
  }
  if (!opened_) {
    if (const Status opened = OpenStore(); !opened) {
      SetProblem(opened.error());
      done(opened);
      return;
    }
  }
  ports_.survivors.EndSurvivors(
      [this, done = std::move(done)](Result<std::vector<std::string>> killed) {
        Status ready = killed ? SettleUnfinishedRun(*killed) : Status(killed.error());
        if (ready) ready = ports_.store.CheckRoom();
        SetProblem(ready ? std::nullopt : std::optional(ready.error()));
        done(std::move(ready));
      });
}

Status Engine::OpenStore() {
  auto stored = ports_.store.Open();
  if (!stored) return stored.error();
  state_ = std::move(stored->state);
  outlook_.Forget();
  unfinished_ = stored->unfinished;
  unfinished_sequence_ = stored->last_sequence;
  last_run_ = stored->last_run;
  for (std::string& notice : stored->notices) notices_.push_back(std::move(notice));
  opened_ = true;
  state_known_ = true;
  return Ok();
}

Status Engine::SettleUnfinishedRun(const std::vector<std::string>& killed) {
  for (const std::string& notice : killed) notices_.push_back(notice);
  if (!unfinished_) return Ok();
  RunSummary summary;
  if (auto runs = ports_.store.ListRuns(0, 1); runs && !runs->empty())
    summary = std::move(runs->front());

  std::vector<EventPtr> events;
  std::uint64_t sequence = unfinished_sequence_;
  const auto add = [&](Fact fact) {
    events.push_back(
        std::make_shared<const Event>(Event{++sequence, ports_.clock.Now(), std::move(fact)}));
  };
  for (const std::string& notice : killed) add(NoticeGiven{"", notice});
  for (const auto& [id, run] : state_.in_flight) {
    if (run != unfinished_->text) continue;
    add(MigrationEnded{
        id, Outcome::kInterrupted, "", std::chrono::microseconds{0}, {}, GoneUnderIt()});
  }
  add(RunEnded{RunOutcome::kInterrupted,
               CurrentVersion(state_, options_.initial_version).Canonical(), summary.applied,
               summary.already_applied, "migrationd went away while it ran"});

  if (Status stored = ports_.store.Append(events, true); !stored) {
    opened_ = false;
    return stored;
  }
  Fold(*unfinished_, events);
  notices_.push_back("run " + unfinished_->text + " was interrupted; the next run settles it");
  unfinished_.reset();
  if (Status stored = ports_.store.Checkpoint(state_); !stored) {
    opened_ = false;
    return stored;
  }
  return Ok();
}

void Engine::LookForHealth() {
  if (shutting_down_ || execution_ || unbegun_ || !problem_) return;
  EnsureReady([](const Status& /*told by SetProblem*/) {});
}

void Engine::Fold(const RunId& run, const std::vector<EventPtr>& events) {
  for (const EventPtr& event : events) {
    Apply(state_, run, *event);
    if (observer_) observer_(run, *event);
  }
}

void Engine::SetProblem(std::optional<Error> problem) {
  // A store that failed is closed; the next attempt reads again what the disk really holds.
  if (problem && problem->reason != Reason::kSurvivors) opened_ = false;
  problem_ = std::move(problem);
  // Whoever waits for health would wait for a run that waits for health: it is looked for without
  // being asked.
  retry_ = problem_ ? ports_.executor.After(kRetryInterval, [this] { LookForHealth(); }) : nullptr;
  if (health_listener_) health_listener_(serving());
}

}  // namespace migrationd::core

#include <utility>

#include "daemon/core/engine.h"
#include "daemon/core/text.h"

namespace migrationd::core {
namespace {

/// What was asked for, to tell a retry from another request under the same id.
std::string FingerprintOf(const RunRequest& request) {
  return "run from=" + request.plan.from.value_or("*") + " to=" + request.plan.to.value_or("*") +
         (request.plan.out_of_order ? " out-of-order" : "") +
         (request.plan.recheck ? " recheck" : "") + " plan=" + request.plan_digest;
}

Error Reused(const std::string& request_id) {
  return Error{
      Reason::kRequestIdReused,
      "the request id " + Quote(request_id) + " belongs to a request that asked for something else",
      "Use a new UUID for each request; the same only to retry."};
}

std::string NameOf(const Requester& by) {
  return by.user.empty() ? "uid " + std::to_string(by.uid) : by.user;
}

}  // namespace

std::optional<Error> Engine::Busy() {
  SettleRunEnd();
  if (execution_) {
    const RunSummary& run = execution_->summary();
    return Error{Reason::kRunInProgress,
                 "run " + run.id.text + " to " + run.to_version + " is going on, started by " +
                     NameOf(run.by) + " at " + FormatTime(run.started_at),
                 "Follow it with `telec migrate watch`, or wait for it with --wait."};
  }
  if (preparation_) {
    return Error{Reason::kRunInProgress,
                 "a run is being prepared, asked for by " + NameOf(preparation_->by) + " at " +
                     FormatTime(preparation_->since),
                 "Follow it with `telec migrate watch`, or wait for it with --wait."};
  }
  if (unbegun_) {
    return Error{Reason::kRunInProgress,
                 "a run that could not be recorded is being stopped: its first check() is running",
                 "Try again in a moment, or wait with --wait."};
  }
  if (probing_) {
    return Error{Reason::kRunInProgress,
                 "a plan is being probed: its check() functions are running",
                 "Try again in a moment, or wait with --wait."};
  }
  return std::nullopt;
}

void Engine::Run(const RunRequest& request, const Requester& by, Callback<Subscription> done) {
  const std::string fingerprint = FingerprintOf(request);
  if (JoinEarlierRun(request, fingerprint, done)) return;
  if (shutting_down_) {
    done(Error{Reason::kShuttingDown, "migrationd is stopping and starts no run",
               "Try again when it is back."});
    return;
  }
  if (auto busy = Busy()) {
    done(*busy);
    return;
  }
  preparation_ = std::make_unique<Preparation>();
  preparation_->request_id = request.request_id;
  preparation_->fingerprint = fingerprint;
  preparation_->by = by;
  preparation_->since = ports_.clock.Now();
  preparation_->waiting.push_back(std::move(done));
  EnsureReady([this, request, by](const Status& ready) {
    if (!ready) {
      AnswerPreparation(ready.error().In("no run can be started"));
      return;
    }
    loader_.LoadAfresh([this, request, by](Result<std::shared_ptr<const Catalogue>> catalogue) {
      StartPlanned(request, by, std::move(catalogue));
    });
  });
}

bool Engine::JoinEarlierRun(const RunRequest& request, const std::string& fingerprint,
                            Callback<Subscription>& done) {
  if (request.request_id.empty()) return false;
  if (preparation_ && preparation_->request_id == request.request_id) {
    if (preparation_->fingerprint != fingerprint) {
      done(Reused(request.request_id));
    } else {
      preparation_->waiting.push_back(std::move(done));
    }
    return true;
  }
  std::optional<RunSummary> earlier;
  if (execution_ && execution_->summary().request_id == request.request_id) {
    earlier = execution_->summary();
  } else {
    earlier = ports_.store.FindRequest(request.request_id);
  }
  if (!earlier) return false;
  if (earlier->fingerprint != fingerprint) {
    done(Reused(request.request_id));
    return true;
  }
  done(Subscribe(earlier->id, 0, std::nullopt));
  return true;
}

void Engine::StartPlanned(const RunRequest& request, const Requester& by,
                          Result<std::shared_ptr<const Catalogue>> catalogue) {
  if (!catalogue) {
    AnswerPreparation(catalogue.error());
    return;
  }
  AnswerPreparation(TryStart(request, by, *catalogue));
}

Result<Subscription> Engine::TryStart(const RunRequest& request, const Requester& by,
                                      const std::shared_ptr<const Catalogue>& catalogue) {
  if (shutting_down_)
    return Error{Reason::kShuttingDown, "migrationd is stopping and starts no run", ""};
  auto plan = MakePlanNow(catalogue, request.plan);
  if (!plan) return plan.error();
  if (!request.plan_digest.empty() && request.plan_digest != plan->digest) {
    return plans_.MovedSince(request.plan_digest, *plan);
  }
  if (const Status order = RefuseOutOfOrder(*plan); !order) return order.error();
  if (const Status room = ports_.store.CheckRoom(); !room) {
    SetProblem(room.error());
    return room.error().In("no run can be started");
  }
  auto steps = StepsOf(*plan);
  if (!steps) return steps.error();

  RunOrder order;
  order.id = NextRunId();
  order.started = RunStarted{RunKind::kRun,
                             request.request_id,
                             preparation_->fingerprint,
                             by,
                             plan->from.Canonical(),
                             plan->to.Canonical(),
                             plan->digest,
                             plan->CountOf(Action::kPending)};
  order.steps = std::move(*steps);
  order.from = plan->from;
  order.to = plan->to;
  order.current = plan->current;

  execution_ =
      std::make_unique<RunExecution>(RunExecution::Ports{ports_.store, ports_.runner, ports_.clock,
                                                         ports_.executor, state_, observer_},
                                     std::move(order), options_.run, [this](const Status& stored) {
                                       // The execution is on the stack below: it is let go from the
                                       // loop, or by whoever comes first.
                                       run_end_ = stored;
                                       ports_.executor.Post([this] { SettleRunEnd(); });
                                     });
  if (const Status begun = execution_->Begin(); !begun) {
    unbegun_ = std::move(execution_);
    SetProblem(begun.error());
    return begun.error().In("no run was started");
  }
  return Subscription{execution_->id(), execution_->feed()};
}

Result<std::deque<RunStep>> Engine::StepsOf(core::Plan& plan) {
  std::deque<RunStep> steps;
  for (PlannedMigration& planned : plan.migrations) {
    const bool recheck = planned.action == Action::kRecheck;
    if (planned.action != Action::kPending && !recheck) continue;
    auto bytes = ports_.catalogue.ReadScript(planned.migration->path, planned.migration->sha256);
    if (!bytes) return bytes.error();
    steps.push_back({std::move(planned.migration),
                     std::make_shared<const std::string>(std::move(*bytes)), recheck,
                     planned.interrupted});
  }
  return steps;
}

RunId Engine::NextRunId() { return MakeRunId(++last_run_, static_cast<std::uint32_t>(random_())); }

void Engine::AnswerPreparation(const Result<Subscription>& answer) {
  const std::unique_ptr<Preparation> preparation = std::move(preparation_);
  for (const auto& done : preparation->waiting) done(answer);
}

void Engine::SettleRunEnd() {
  if (!run_end_) return;
  const core::Status stored = *std::exchange(run_end_, std::nullopt);
  execution_.reset();
  unbegun_.reset();
  shutdown_timer_.reset();
  if (!stored) {
    SetProblem(stored.error());
  } else {
    ports_.store.Prune(ports_.clock.Now());
    if (const Status room = ports_.store.CheckRoom(); !room) SetProblem(room.error());
  }
  if (on_idle_) std::exchange(on_idle_, nullptr)();
}

}  // namespace migrationd::core

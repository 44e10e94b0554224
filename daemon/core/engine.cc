#include "daemon/core/engine.h"

#include <algorithm>
#include <utility>

#include "daemon/core/probe.h"

namespace migrationd::core {

Engine::Engine(const Ports& ports, EngineOptions options)
    : ports_(ports),
      options_(std::move(options)),
      loader_(ports.catalogue, ports.runner, options_.exposure),
      random_(std::random_device{}()) {}

Engine::~Engine() = default;

void Engine::Open(Callback<Unit> done) { EnsureReady(std::move(done)); }

void Engine::Anticipate() {
  if (anticipated_ || execution_ || probing_ || shutting_down_ || problem_) return;
  if (const auto& catalogue = loader_.latest()) {
    const Version current = CurrentVersion(state_, options_.initial_version);
    if (outlook_.Of(catalogue, state_, current).pending == 0) return;
  }
  anticipated_ = true;
  ports_.runner.Warm();
}

void Engine::Plan(const PlanRequest& request, Callback<core::Plan> done) {
  anticipated_ = false;
  loader_.Load(
      [this, request, done = std::move(done)](Result<std::shared_ptr<const Catalogue>> catalogue) {
        if (!catalogue) {
          done(catalogue.error());
          return;
        }
        auto plan = MakePlanNow(*catalogue, request);
        if (!plan) {
          done(plan.error());
          return;
        }
        plans_.Remember(*plan);
        if (!request.probe) {
          done(std::move(plan));
          return;
        }
        if (const auto busy = Busy()) {
          done(busy->In("a plan cannot be probed now"));
          return;
        }
        probing_ = true;
        ProbePlan(
            ports_.runner, ports_.catalogue, std::move(*plan), [this] { return !shutting_down_; },
            [this, done](Result<core::Plan> probed) {
              probing_ = false;
              done(std::move(probed));
              if (on_idle_) std::exchange(on_idle_, nullptr)();
            });
      });
}

Result<core::Plan> Engine::MakePlanNow(const std::shared_ptr<const Catalogue>& catalogue,
                                       const PlanRequest& request) const {
  // Without a state everything would seem to be pending.
  if (problem_ && (!state_known_ || problem_->reason == Reason::kStateDamaged)) {
    return problem_->In("nothing can be planned");
  }
  return MakePlan(catalogue, state_, options_.initial_version, request,
                  [this](std::string_view bytes) { return ports_.catalogue.Digest(bytes); });
}

void Engine::GetStatus(Callback<StatusReport> done) {
  loader_.Load([this, done = std::move(done)](Result<std::shared_ptr<const Catalogue>> catalogue) {
    SettleRunEnd();
    StatusReport report;
    report.daemon_version = options_.daemon_version;
    report.migrations_directory = options_.migrations_directory;
    report.state_file = options_.state_file;
    report.current = CurrentVersion(state_, options_.initial_version);
    report.recorded = state_.records.size();
    report.failure = state_.failure;
    if (execution_) report.current_run = execution_->summary();
    for (const auto& [id, run] : state_.in_flight) {
      if (!execution_ || run != execution_->id().text) report.interrupted.push_back(id);
    }
    if (auto runs = ports_.store.ListRuns(execution_ ? execution_->id().number : 0, 1);
        runs && !runs->empty()) {
      report.last_run = std::move(runs->front());
    }
    if (problem_) report.problems.push_back(problem_->message + ". " + problem_->hint);
    if (shutting_down_) report.problems.emplace_back("migrationd is stopping.");
    if (!catalogue) {
      report.problems.push_back(catalogue.error().message + ". " + catalogue.error().hint);
      done(std::move(report));
      return;
    }
    for (const Finding& finding : (*catalogue)->findings) {
      if (finding.severity == Finding::Severity::kError) {
        report.problems.push_back("'" + finding.subject + "' " + finding.message + ".");
      }
    }
    const Outlook::Counts counts = outlook_.Of(*catalogue, state_, report.current);
    report.pending = counts.pending;
    report.out_of_order = counts.out_of_order;
    if (!(*catalogue)->migrations.empty()) report.latest = (*catalogue)->migrations.back().version;
    done(std::move(report));
  });
}

void Engine::Shutdown(std::chrono::milliseconds grace, std::function<void()> done) {
  SettleRunEnd();
  shutting_down_ = true;
  if (health_listener_) health_listener_(false);
  if (!execution_ && !unbegun_ && !probing_) {
    done();
    return;
  }
  on_idle_ = std::move(done);
  if (!execution_) {
    ports_.runner.Stop();
    return;
  }
  static_cast<void>(execution_->Cancel(CancelMode::kAfterCurrent, Requester{}, true).ok());
  shutdown_timer_ = ports_.executor.After(grace, [this] {
    if (execution_) static_cast<void>(execution_->Cancel(CancelMode::kNow, Requester{}, true).ok());
  });
}

void Engine::OnHealthChange(std::function<void(bool)> listener) {
  health_listener_ = std::move(listener);
  health_listener_(serving());
}

}  // namespace migrationd::core

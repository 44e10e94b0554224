#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/catalogue_loader.h"
#include "daemon/core/event_feed.h"
#include "daemon/core/outlook.h"
#include "daemon/core/plan.h"
#include "daemon/core/plan_difference.h"
#include "daemon/core/ports.h"
#include "daemon/core/result.h"
#include "daemon/core/run_execution.h"
#include "daemon/core/state.h"

namespace migrationd::core {

struct EngineOptions {
  Version initial_version;  ///< Where a host without state is.
  ExposurePolicy exposure = ExposurePolicy::kWarn;
  RunLimits run;
  std::string daemon_version;
  std::string migrations_directory;
  std::string state_file;
};

struct RunRequest {
  std::string request_id;   ///< Empty: none.
  PlanRequest plan;         ///< `probe` is ignored.
  std::string plan_digest;  ///< Empty: whatever the plan is.
};

struct ResolveRequest {
  std::string request_id;
  std::string migration_id;
  Resolution resolution = Resolution::kApplied;
  std::string reason;
};

struct BaselineRequest {
  std::string request_id;
  std::string version;
  std::string reason;
};

/// Where this host stands.
struct StatusReport {
  std::string daemon_version;
  std::string migrations_directory;
  std::string state_file;
  Version current;
  std::optional<Version> latest;  ///< Absent when the catalogue cannot be read.
  std::uint64_t recorded = 0;
  std::uint64_t pending = 0;
  std::uint64_t out_of_order = 0;
  std::optional<RunSummary> current_run;
  std::optional<RunSummary> last_run;
  std::optional<OpenFailure> failure;
  std::vector<std::string> interrupted;  ///< Ids that check() has to settle.
  std::vector<std::string> problems;     ///< What keeps runs from being started.
};

/// A run to read the events of: from `feed` what is recent, by Engine::ReadEvents the rest.
struct Subscription {
  RunId run;
  std::shared_ptr<EventFeed> feed;  ///< Null when the run is not going on.
};

struct RunPage {
  std::vector<RunSummary> runs;
  std::uint64_t next_before = 0;  ///< 0: no more.
};

/// The domain: what may be done when, and what follows from it. Owns the state, and the run that is
/// going on.
///
/// Loop thread only; answers come on the loop thread, some before the call returns. It outlives
/// neither its ports nor their callbacks: destroy it after the loop has stopped.
class Engine {
 public:
  struct Ports {
    CatalogueSource& catalogue;
    ScriptRunner& runner;
    RunStore& store;
    SurvivorGuard& survivors;
    Clock& clock;
    Executor& executor;
  };

  Engine(const Ports& ports, EngineOptions options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  template <typename T>
  using Callback = std::function<void(Result<T>)>;

  /// Opens the state and settles what an earlier life left: processes are ended, an unfinished run
  /// becomes interrupted. With an error the engine answers Plan and Status, and tries again before
  /// each run; kStateLocked is the one that is final.
  void Open(Callback<Unit> done);

  /// Somebody has come who may start a run. What takes its time is begun, unless nothing is known
  /// to be pending, or nobody who came since the last time has asked for a plan.
  void Anticipate();

  void Plan(const PlanRequest& request, Callback<core::Plan> done);
  void GetStatus(Callback<StatusReport> done);

  /// Starts a run, or finds the one that the same request started before.
  void Run(const RunRequest& request, const Requester& by, Callback<Subscription> done);

  /// A run's events are to be read after `after`. `after_time`: of the event at that position, to
  /// notice that it is another one. Without `run`: the run that goes on, else the last one.
  Result<Subscription> Subscribe(const std::optional<RunId>& run, std::uint64_t after,
                                 std::optional<WallTime> after_time);
  Result<EventPage> ReadEvents(const RunId& run, std::uint64_t after, std::size_t max_bytes);

  /// Asks the run that goes on to stop. With `run`: only if it is that one.
  Result<RunId> Cancel(const std::optional<RunId>& run, CancelMode mode, const Requester& by);

  Result<RunPage> ListRuns(std::uint64_t before, std::size_t limit);
  void Resolve(const ResolveRequest& request, const Requester& by, Callback<RunId> done);
  void Baseline(const BaselineRequest& request, const Requester& by, Callback<RunId> done);

  /// No new runs; the current migration may end within `grace`, then it is interrupted. `done` when
  /// nothing runs any more.
  void Shutdown(std::chrono::milliseconds grace, std::function<void()> done);

  /// Called on every change of whether runs can be started.
  void OnHealthChange(std::function<void(bool serving)> listener);
  /// Told every event, as one more reader. Before Open.
  void Observe(EventObserver observer) { observer_ = std::move(observer); }
  bool serving() const { return !problem_ && !shutting_down_; }

  /// What opening the state had to say, for the operator's log; emptied by the call.
  std::vector<std::string> TakeNotices() { return std::exchange(notices_, {}); }
  /// What keeps runs from being started.
  const std::optional<Error>& problem() const { return problem_; }

 private:
  /// A request that is being prepared: at most one at a time.
  struct Preparation {
    std::string request_id;
    std::string fingerprint;
    Requester by;
    WallTime since{0};
    std::vector<Callback<Subscription>> waiting;
  };

  // engine_recovery.cc
  void EnsureReady(Callback<Unit> done);
  Status OpenStore();
  Status SettleUnfinishedRun(const std::vector<std::string>& killed);
  void SetProblem(std::optional<Error> problem);
  void LookForHealth();
  void Fold(const RunId& run, const std::vector<EventPtr>& events);

  // engine_run.cc
  bool JoinEarlierRun(const RunRequest& request, const std::string& fingerprint,
                      Callback<Subscription>& done);
  std::optional<Error> Busy();
  void StartPlanned(const RunRequest& request, const Requester& by,
                    Result<std::shared_ptr<const Catalogue>> catalogue);
  Result<Subscription> TryStart(const RunRequest& request, const Requester& by,
                                const std::shared_ptr<const Catalogue>& catalogue);
  Result<std::deque<RunStep>> StepsOf(core::Plan& plan);
  void AnswerPreparation(const Result<Subscription>& answer);
  void SettleRunEnd();
  RunId NextRunId();

  // engine_entries.cc
  std::optional<Result<RunId>> FindEntry(const std::string& request_id,
                                         const std::string& fingerprint);
  Result<RunId> WriteEntry(RunStarted started, Fact fact, const std::string& current_version);
  void WhenIdle(Callback<Unit> done);
  void AnswerEntry(const std::string& request_id, RunStarted started, Fact fact,
                   const std::string& current_version, const Callback<RunId>& done);

  bool IsCurrent(const RunId& run) const;
  Result<core::Plan> MakePlanNow(const std::shared_ptr<const Catalogue>& catalogue,
                                 const PlanRequest& request) const;

  Ports ports_;
  EngineOptions options_;
  CatalogueLoader loader_;
  PlanMemory plans_;
  State state_;
  Outlook outlook_;
  bool opened_ = false;
  bool state_known_ = false;         ///< It was read at least once: `state_` is not merely empty.
  std::optional<RunId> unfinished_;  ///< Of an earlier life, not settled yet.
  std::uint64_t unfinished_sequence_ = 0;
  std::uint64_t last_run_ = 0;
  std::optional<Error> problem_;
  std::shared_ptr<void> retry_;  ///< Set while there is a problem.
  std::unique_ptr<RunExecution> execution_;
  std::unique_ptr<RunExecution> unbegun_;  ///< There is no such run, but its script still ends.
  /// Of `execution_` or `unbegun_`, which has told its last and only has to be let go.
  std::optional<core::Status> run_end_;
  std::unique_ptr<Preparation> preparation_;
  bool probing_ = false;      ///< Plan asks check() of scripts: the runner is taken.
  bool anticipated_ = false;  ///< And nobody has planned since: probes of health come and go.
  bool shutting_down_ = false;
  std::function<void()> on_idle_;
  std::shared_ptr<void> shutdown_timer_;
  std::function<void(bool)> health_listener_;
  EventObserver observer_;
  std::vector<std::string> notices_;
  std::mt19937 random_;
};

}  // namespace migrationd::core

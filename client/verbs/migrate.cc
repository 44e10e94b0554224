#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "client/follower.h"
#include "client/interrupts.h"
#include "client/text/json.h"
#include "client/text/visible.h"
#include "client/uuid.h"
#include "client/verbs/verbs.h"
#include "client/verbs/wait_until_free.h"
#include "client/views/plan_text.h"

namespace telec {
namespace {

template <typename Request>
void SetRange(const RunOptions& options, Request& request) {
  if (options.from) request.set_from_version(*options.from);
  if (options.to) request.set_to_version(*options.to);
  request.set_out_of_order(options.out_of_order);
  request.set_recheck(options.recheck);
}

/// Whether a run would do anything at all: even without a migration it may move the version.
bool HasWork(const api::Plan& plan) {
  const auto& migrations = plan.migrations();
  return plan.current_version() != plan.to_version() ||
         std::any_of(migrations.begin(), migrations.end(), [](const api::PlannedMigration& each) {
           return each.action() != api::ACTION_RECORDED;
         });
}

bool IsPending(const api::Plan& plan) {
  const auto& migrations = plan.migrations();
  return plan.pending() > 0 ||
         std::any_of(migrations.begin(), migrations.end(), [](const api::PlannedMigration& each) {
           return each.action() == api::ACTION_OUT_OF_ORDER;
         });
}

Result<api::PlanResponse> AskPlan(const RunOptions& options, Service& service) {
  api::PlanRequest request;
  SetRange(options, request);
  request.set_probe(options.probe);
  return service.Plan(request);
}

void ShowPlan(const api::PlanResponse& answer, const RunOptions& options, Console& console) {
  const api::Plan& plan = answer.plan();
  for (const std::string& warning : PlanWarnings(plan)) console.Warn(warning);
  if (!console.json()) return console.Print(PlanText(plan, console.out_style()));
  if (options.dry_run) console.Print(ToJsonLine(answer));
}

/// What is told to who leaves a run before its end.
void SayHowToReturn(const std::string& run_id, Session& session) {
  if (session.options.local) {
    return session.console.Notice("Run " + run_id +
                                  " is left: the private migrationd stops after "
                                  "the current migration. To go on: " +
                                  CommandFor(session.options, ""));
  }
  session.console.Notice("Run " + run_id + " goes on without this command. To re-attach: " +
                         CommandFor(session.options, "watch " + run_id));
}

Result<ExitCode> RunPlan(const RunOptions& options, const std::string& digest,
                         std::shared_ptr<Service> service, Session& session) {
  api::RunRequest request;
  SetRange(options, request);
  request.set_request_id(NewUuid());
  request.set_plan_digest(digest);

  std::unique_ptr<RunView> view = MakeRunView(session);
  if (options.detach && !session.console.json()) view = std::make_unique<NoView>();
  Follower follower(session, *view, {.first_event_only = options.detach});
  const Interrupts interrupts(
      [&](Interrupt what) { what == Interrupt::kStop ? follower.Stop() : follower.Leave(); });
  const auto report = follower.Run(std::move(service), request);
  if (!report) return report.error();
  if (report->end) return ExitCodeOf(report->end->outcome());
  session.dialer.LeaveAlone();
  const std::string run_id = MakeVisible(report->run_id);
  if (options.detach) {
    if (!session.console.json()) session.console.Print("Run " + run_id + " was started.\n");
    session.console.Notice("To watch it: " + CommandFor(session.options, "watch " + run_id));
    return ExitCode::kDone;
  }
  SayHowToReturn(run_id, session);
  return ExitCode::kUnreachable;
}

}  // namespace

Result<ExitCode> Migrate(const RunOptions& options, Session& session) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + options.wait.value_or(std::chrono::milliseconds(0));
  auto service = session.dialer.Reach();
  if (!service) return service.error();
  for (;;) {
    if (options.wait && !options.dry_run) {
      const auto freed = WaitUntilFree(**service, deadline, session);
      if (!freed) return freed.error();
    }
    const auto answer = AskPlan(options, **service);
    if (!answer) return answer.error();
    const api::Plan& plan = answer->plan();
    ShowPlan(*answer, options, session.console);
    if (options.dry_run) {
      return options.detailed_exit_code && IsPending(plan) ? ExitCode::kPending : ExitCode::kDone;
    }
    if (!HasWork(plan)) {
      if (session.console.json()) {
        session.console.Notice("Nothing to do.");
      } else {
        session.console.Print("Nothing to do.\n");
      }
      return ExitCode::kDone;
    }
    const auto outcome = RunPlan(options, plan.digest(), *service, session);
    // Someone else may have been faster between the wait and the run.
    const bool is_busy = !outcome && outcome.error().reason == "RUN_IN_PROGRESS";
    if (!is_busy || !options.wait || Clock::now() >= deadline) return outcome;
  }
}

}  // namespace telec

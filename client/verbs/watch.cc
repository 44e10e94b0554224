#include "client/follower.h"
#include "client/interrupts.h"
#include "client/verbs/verbs.h"

namespace telec {

Result<ExitCode> WatchRun(const WatchOptions& options, Session& session) {
  auto service = session.dialer.Reach();
  if (!service) return service.error();
  const std::unique_ptr<RunView> view = MakeRunView(session);
  Follower follower(session, *view, {});
  // Who only watches does not stop the run by ending that.
  const Interrupts interrupts([&](Interrupt) { follower.Leave(); });
  api::WatchRequest request;
  request.set_run_id(options.run);
  const auto report = follower.Watch(*std::move(service), request);
  if (!report) return report.error();
  if (report->end) return ExitCodeOf(report->end->outcome());
  session.dialer.LeaveAlone();
  session.console.Notice("No longer watching run " + report->run_id +
                         ". To cancel it: " + CommandFor(session.options, "cancel"));
  return ExitCode::kUnreachable;
}

}  // namespace telec

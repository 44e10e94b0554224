#include "client/text/json.h"
#include "client/text/visible.h"
#include "client/verbs/verbs.h"

namespace telec {

Result<ExitCode> CancelRun(const CancelOptions& options, Session& session) {
  auto service = session.dialer.Reach();
  if (!service) return service.error();
  api::CancelRequest request;
  request.set_run_id(options.run);
  request.set_mode(options.now ? api::CANCEL_MODE_NOW : api::CANCEL_MODE_AFTER_CURRENT);
  const auto answer = (*service)->Cancel(request);
  if (!answer) return answer.error();
  if (session.console.json()) {
    session.console.Print(ToJsonLine(*answer));
    return ExitCode::kDone;
  }
  const std::string run = MakeVisible(answer->run_id());
  session.console.Print(
      "Run " + run +
      (options.now ? " is being stopped now.\n" : " stops after its current migration.\n"));
  session.console.Notice("To see it end: " + CommandFor(session.options, "watch " + run));
  return ExitCode::kDone;
}

}  // namespace telec

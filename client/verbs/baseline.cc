#include "client/text/json.h"
#include "client/text/visible.h"
#include "client/uuid.h"
#include "client/verbs/verbs.h"

namespace telec {

Result<ExitCode> SetBaseline(const BaselineOptions& options, Session& session) {
  auto service = session.dialer.Reach();
  if (!service) return service.error();
  api::BaselineRequest request;
  request.set_request_id(NewUuid());
  request.set_version(options.version);
  request.set_reason(options.reason);
  const auto answer = (*service)->Baseline(request);
  if (!answer) return answer.error();
  session.console.Print(session.console.json()
                            ? ToJsonLine(*answer)
                            : "This host is at version " + MakeVisible(answer->current_version()) +
                                  " (history entry " + MakeVisible(answer->run_id()) + ").\n");
  return ExitCode::kDone;
}

}  // namespace telec

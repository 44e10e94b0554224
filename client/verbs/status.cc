#include "client/text/json.h"
#include "client/verbs/verbs.h"
#include "client/views/status_text.h"

namespace telec {

Result<ExitCode> ShowStatus(const StatusOptions& /*options*/, Session& session) {
  auto service = session.dialer.Reach();
  if (!service) return service.error();
  const auto answer = (*service)->Status();
  if (!answer) return answer.error();
  Console& console = session.console;
  console.Print(console.json()
                    ? ToJsonLine(*answer)
                    : StatusText(answer->status(), session.options, console.out_style()));
  return ExitCode::kDone;
}

}  // namespace telec

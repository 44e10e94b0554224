#include "client/text/json.h"
#include "client/text/visible.h"
#include "client/text/words.h"
#include "client/uuid.h"
#include "client/verbs/verbs.h"

namespace telec {

Result<ExitCode> ResolveMigration(const ResolveOptions& options, Session& session) {
  auto service = session.dialer.Reach();
  if (!service) return service.error();
  api::ResolveRequest request;
  request.set_request_id(NewUuid());
  request.set_migration_id(options.migration);
  request.set_resolution(options.resolution);
  request.set_reason(options.reason);
  const auto answer = (*service)->Resolve(request);
  if (!answer) return answer.error();
  session.console.Print(session.console.json()
                            ? ToJsonLine(*answer)
                            : MakeVisible(options.migration) + " is settled as " +
                                  std::string(WordOf(options.resolution)) + " (history entry " +
                                  MakeVisible(answer->run_id()) + ").\n");
  return ExitCode::kDone;
}

}  // namespace telec

#include <optional>
#include <string>

#include "client/text/json.h"
#include "client/text/visible.h"
#include "client/verbs/verbs.h"
#include "client/views/failure_text.h"

namespace telec {
namespace {

/// The migration that a fact of its output is about; empty for facts of another kind.
const std::string& MigrationOf(const api::Event& event) {
  static const std::string kNone;
  return event.has_output_written() ? event.output_written().migration_id() : kNone;
}

}  // namespace

Result<ExitCode> ShowLogs(const LogsOptions& options, Session& session) {
  auto service = session.dialer.Reach();
  if (!service) return service.error();
  api::WatchRequest request;
  request.set_run_id(options.run);
  request.set_no_follow(!options.follow);
  const auto stream = (*service)->Watch(request);
  Console& console = session.console;
  const auto show = [&] {
    console.Flush();
    if (!console.CanPrint()) stream->Abandon();
  };
  bool migration_seen = false;
  std::optional<Console::Gathering> together(console);
  while (const auto* response = stream->Next(show)) {
    const api::Event& event = response->event();
    migration_seen |= event.migration_started().migration_id() == options.migration;
    const std::string& migration = MigrationOf(event);
    if (migration.empty() || (!options.migration.empty() && migration != options.migration))
      continue;
    if (console.json()) {
      console.Print(ToJsonLine(*response));
    } else {
      const std::string prefix = options.migration.empty() ? MakeVisible(migration) + " | " : "";
      console.Print(Prefixed(event.output_written().text(), prefix));
    }
    if (!console.CanPrint()) stream->Abandon();
  }
  together.reset();
  const auto error = stream->End();
  if (error && console.CanPrint()) return *error;
  if (!options.migration.empty() && !migration_seen) {
    console.Notice("The run did not start '" + MakeVisible(options.migration) + "'.");
  }
  return ExitCode::kDone;
}

}  // namespace telec

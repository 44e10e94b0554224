#include "client/views/status_text.h"

#include <string_view>

#include "client/text/visible.h"
#include "client/text/words.h"
#include "client/views/failure_text.h"

namespace telec {
namespace {

/// "Version       1.3.0"
std::string Line(std::string_view name, const std::string& value) {
  constexpr std::size_t kNameColumns = 13;
  return std::string(name) + std::string(kNameColumns - name.size(), ' ') + value + "\n";
}

std::string RunLine(const api::RunSummary& run) {
  std::string text = MakeVisible(run.run_id()) + " ";
  switch (run.kind()) {
    case api::RUN_KIND_RESOLVE:
      text += "(resolve " + MakeVisible(run.subject()) + ")";
      break;
    case api::RUN_KIND_BASELINE:
      text += "(baseline " + MakeVisible(run.to_version()) + ")";
      break;
    default:
      text += "(" + MakeVisible(run.from_version()) + " -> " + MakeVisible(run.to_version()) +
              ") " + std::string(WordOf(run.outcome()));
  }
  text += ", by " + NameOf(run.requester());
  if (run.has_ended_unix_us()) return text + ", ended " + FormatTime(run.ended_unix_us());
  return text + ", since " + FormatTime(run.started_unix_us());
}

}  // namespace

std::string StatusText(const api::HostStatus& status, const CommonOptions& options,
                       const Style& style) {
  std::string latest = MakeVisible(status.latest_version());
  latest = latest.empty() ? "no catalogue" : "latest " + latest;
  std::string text =
      Line("Version", style.Bold(MakeVisible(status.current_version())) + " (" + latest + ")");
  text += Line("Migrations", std::to_string(status.recorded()) + " recorded, " +
                                 std::to_string(status.pending()) + " pending");
  if (status.out_of_order() > 0) {
    text += Line("", style.Yellow(std::to_string(status.out_of_order()) + " out of order"));
  }
  if (status.has_current_run()) {
    text += Line("Running", RunLine(status.current_run()));
    text += Line("", CommandFor(options, "watch " + MakeVisible(status.current_run().run_id())));
  }
  if (status.has_last_run()) text += Line("Last run", RunLine(status.last_run()));
  for (const std::string& id : status.interrupted_migration_ids()) {
    text += Line("Interrupted", MakeVisible(id) + " (the next run asks its check())");
  }
  text += Line("Catalogue", MakeVisible(status.migrations_directory()));
  text += Line("State", MakeVisible(status.state_file()));
  text += Line("Daemon", "migrationd " + MakeVisible(status.daemon_version()));
  if (status.has_failure()) {
    const api::OpenFailure& failure = status.failure();
    text += "\n" + style.Red(std::string(WordOf(failure.outcome()))) + " " +
            MakeVisible(failure.migration_id()) + " in run " + MakeVisible(failure.run_id()) +
            ", " + FormatTime(failure.time_unix_us()) + "\n" +
            FailureText(failure.failure(), style);
  }
  if (!status.serving()) text += "\n" + style.Red("No run can be started.") + "\n";
  for (const std::string& problem : status.problems()) {
    text += (status.serving() ? "\n" : "") + MakeVisible(problem, true) + "\n";
  }
  return text;
}

}  // namespace telec

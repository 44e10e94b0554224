#include "client/views/plain_view.h"

#include <chrono>

#include "client/text/duration.h"
#include "client/text/visible.h"
#include "client/text/words.h"
#include "client/views/failure_text.h"
#include "client/views/progress_text.h"

namespace telec {
namespace {

constexpr std::size_t kOutcomeColumns = 16;
constexpr std::int64_t kProgressIntervalUs = 1'000'000;

std::string ColouredOutcome(api::Outcome outcome, const Style& style) {
  std::string word(WordOf(outcome));
  const std::string padding(kOutcomeColumns - word.size(), ' ');
  if (!EndedWell(outcome)) return style.Red(word) + padding;
  return (outcome == api::OUTCOME_APPLIED ? style.Green(word) : style.Dim(word)) + padding;
}

/// "1.2.0/003_x.py" to "003_x.py".
std::string_view FileName(std::string_view migration_id) {
  return migration_id.substr(migration_id.rfind('/') + 1);
}

std::string WhatCameOfIt(const api::RunEnded& fact) {
  std::string text = std::to_string(fact.applied()) + " applied";
  if (fact.already_applied() > 0) {
    text.append(", ").append(std::to_string(fact.already_applied())).append(" already applied");
  }
  return text;
}

}  // namespace

void PlainView::OnEvent(const api::RunResponse& response) {
  const api::Event& event = response.event();
  switch (event.fact_case()) {
    case api::Event::kRunStarted:
      return OnRunStarted(event.run_started(), response.run_id());
    case api::Event::kMigrationStarted:
      position_ = event.migration_started().position();
      progress_told_us_ = event.time_unix_us();
      return;
    case api::Event::kOutputWritten: {
      const api::OutputWritten& fact = event.output_written();
      std::string prefix = MakeVisible(FileName(fact.migration_id()));
      prefix = session_.console.out_style().Dim("    " + prefix + " |") + " ";
      return session_.console.Print(Prefixed(fact.text(), prefix));
    }
    case api::Event::kMigrationEnded:
      return OnMigrationEnded(event.migration_ended());
    case api::Event::kMigrationRechecked:
      return OnRechecked(event.migration_rechecked());
    case api::Event::kCancelRequested:
      return OnCancelRequested(event.cancel_requested());
    case api::Event::kNoticeGiven:
      return Print("        note: " + MakeVisible(event.notice_given().message()));
    case api::Event::kMigrationResolved: {
      const api::MigrationResolved& fact = event.migration_resolved();
      return Print(MakeVisible(fact.migration_id()) + " was settled as " +
                   std::string(WordOf(fact.resolution())) + ": " + MakeVisible(fact.reason()));
    }
    case api::Event::kBaselineSet: {
      const api::BaselineSet& fact = event.baseline_set();
      return Print("The version was set to " + MakeVisible(fact.version()) +
                   (fact.reason().empty() ? "" : ": " + MakeVisible(fact.reason())));
    }
    case api::Event::kRunEnded:
      return OnRunEnded(event.run_ended(), response.run_id());
    case api::Event::kProgressReported:
      return OnProgress(event);
    case api::Event::FACT_NOT_SET:
      // Of a newer daemon.
      return;
  }
}

void PlainView::OnProgress(const api::Event& event) {
  if (event.time_unix_us() - progress_told_us_ < kProgressIntervalUs) return;
  progress_told_us_ = event.time_unix_us();
  const api::ProgressReported& progress = event.progress_reported();
  Print(session_.console.out_style().Dim(
      "        " + MakeVisible(FileName(progress.migration_id())) + ProgressText(progress)));
}

std::string PlainView::Position() const {
  const std::string total = std::to_string(total_);
  std::string position = std::to_string(position_);
  if (position.size() < total.size()) position.insert(0, total.size() - position.size(), ' ');
  return "[" + position + "/" + total + "]";
}

void PlainView::Print(const std::string& line) { session_.console.Print(line + "\n"); }

void PlainView::OnRunStarted(const api::RunStarted& fact, const std::string& run_id) {
  total_ = fact.total();
  if (fact.kind() != api::RUN_KIND_RUN) return;
  Print("Run " + session_.console.out_style().Bold(MakeVisible(run_id)) + ", started by " +
        NameOf(fact.requester()) + ": " + MakeVisible(fact.from_version()) + " -> " +
        MakeVisible(fact.to_version()) + ", " + Count(fact.total(), "migration") + ".");
}

void PlainView::OnMigrationEnded(const api::MigrationEnded& fact) {
  const Style style = session_.console.out_style();
  std::string line =
      Position() + " " + ColouredOutcome(fact.outcome(), style) + MakeVisible(fact.migration_id());
  line += style.Dim(" (" + FormatDuration(std::chrono::microseconds(fact.duration_us())) + ")");
  if (fact.output_dropped_bytes() > 0) {
    line += ", " + FormatBytes(fact.output_dropped_bytes()) + " of " +
            FormatBytes(fact.output_bytes()) + " of output not kept";
  }
  Print(line);
  if (EndedWell(fact.outcome())) return;
  failed_migration_ = fact.migration_id();
  if (fact.has_failure()) session_.console.Print(FailureText(fact.failure(), style));
}

void PlainView::OnRechecked(const api::MigrationRechecked& fact) {
  if (fact.effective()) return;
  const Style style = session_.console.out_style();
  Print(style.Yellow("no longer effective: ") + MakeVisible(fact.migration_id()));
  if (fact.has_failure()) session_.console.Print(FailureText(fact.failure(), style));
}

void PlainView::OnCancelRequested(const api::CancelRequested& fact) {
  if (fact.shutdown()) return Print("        The daemon is stopping.");
  Print("        " + NameOf(fact.requester()) + " asked the run to stop " +
        std::string(WordOf(fact.mode())) + ".");
}

void PlainView::OnRunEnded(const api::RunEnded& fact, const std::string& run_id) {
  const Style style = session_.console.out_style();
  const std::string version = "At version " + MakeVisible(fact.current_version()) + ".";
  if (fact.outcome() == api::RUN_OUTCOME_SUCCEEDED) {
    return Print(style.Green("Done") + ": " + WhatCameOfIt(fact) + ". " + version);
  }
  std::string line = style.Red("The run " + (fact.outcome() == api::RUN_OUTCOME_FAILED
                                                 ? std::string("failed")
                                                 : "was " + std::string(WordOf(fact.outcome()))));
  if (!fact.message().empty()) line += ": " + MakeVisible(fact.message());
  if (!line.ends_with('.')) line += '.';
  Print(line);
  Print("What was applied before is recorded: " + WhatCameOfIt(fact) + ". " + version);
  const CommonOptions& options = session_.options;
  if (failed_migration_.empty() || fact.outcome() != api::RUN_OUTCOME_FAILED) {
    return Print("To go on:  " + CommandFor(options, ""));
  }
  const std::string id = MakeVisible(failed_migration_);
  Print("Once the cause is mended, go on with it:  " + CommandFor(options, ""));
  Print("All of its output:                        " +
        CommandFor(options, "logs " + MakeVisible(run_id) + " " + id));
  Print("To settle it by hand:                     " +
        CommandFor(options, "resolve " + id + " --applied|--skipped --reason TEXT"));
}

}  // namespace telec

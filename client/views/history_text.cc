#include "client/views/history_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "client/text/visible.h"
#include "client/text/words.h"

namespace telec {
namespace {

using Row = std::array<std::string, 6>;

std::string What(const api::RunSummary& run) {
  switch (run.kind()) {
    case api::RUN_KIND_RESOLVE:
      return "resolve " + MakeVisible(run.subject());
    case api::RUN_KIND_BASELINE:
      return "baseline " + MakeVisible(run.to_version());
    default:
      return MakeVisible(run.from_version()) + " -> " + MakeVisible(run.to_version());
  }
}

std::string Details(const api::RunSummary& run) {
  std::string text;
  if (run.kind() == api::RUN_KIND_RUN) {
    text = std::to_string(run.applied()) + " of " + std::to_string(run.total()) + " applied";
    if (run.already_applied() > 0) {
      text += ", " + std::to_string(run.already_applied()) + " already";
    }
    // A run that failed says at which migration in its message.
    if (run.message().empty() && !run.subject().empty()) text += "; " + MakeVisible(run.subject());
  }
  if (!run.message().empty()) text += (text.empty() ? "" : "; ") + MakeVisible(run.message());
  return text;
}

Row RowOf(const api::RunSummary& run) {
  const bool ran = run.kind() == api::RUN_KIND_RUN;
  return {MakeVisible(run.run_id()),
          FormatTime(run.started_unix_us()),
          NameOf(run.requester()),
          What(run),
          ran ? std::string(WordOf(run.outcome())) : "recorded",
          Details(run)};
}

}  // namespace

std::string HistoryText(const google::protobuf::RepeatedPtrField<api::RunSummary>& runs,
                        const Style& style) {
  std::vector<Row> rows = {{"RUN", "STARTED", "BY", "WHAT", "OUTCOME", "DETAILS"}};
  for (const api::RunSummary& run : runs) rows.push_back(RowOf(run));
  std::array<std::size_t, 6> columns{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      columns.at(i) = std::max(columns.at(i), ColumnsOf(row.at(i)));
    }
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      line += row.at(i) + std::string(columns.at(i) - ColumnsOf(row.at(i)) + 2, ' ');
    }
    line += row.back();
    line.erase(line.find_last_not_of(' ') + 1);
    text += (text.empty() ? style.Dim(line) : line) + "\n";
  }
  return text;
}

}  // namespace telec

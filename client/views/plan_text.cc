#include "client/views/plan_text.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "client/text/visible.h"
#include "client/text/words.h"

namespace telec {
namespace {

constexpr std::size_t kActionColumns = 14;
constexpr int kMostNamed = 5;

struct Cell {
  std::string_view word;
  enum class Colour { kNone, kGreen, kYellow, kRed } colour;
};

Cell ActionCell(const api::PlannedMigration& migration) {
  switch (migration.probe()) {
    case api::PROBE_RESULT_APPLIED:
      return {migration.action() == api::ACTION_RECHECK ? "effective" : "would skip",
              Cell::Colour::kNone};
    case api::PROBE_RESULT_NOT_APPLIED:
      if (migration.action() == api::ACTION_RECHECK) return {"NOT EFFECTIVE", Cell::Colour::kRed};
      return {"would apply", Cell::Colour::kGreen};
    case api::PROBE_RESULT_FAILED:
      return {"CHECK FAILED", Cell::Colour::kRed};
    default:
      break;
  }
  switch (migration.action()) {
    case api::ACTION_RECHECK:
      return {"recheck", Cell::Colour::kNone};
    case api::ACTION_OUT_OF_ORDER:
      return {"OUT OF ORDER", Cell::Colour::kRed};
    case api::ACTION_PENDING:
      return {migration.interrupted() ? "interrupted" : "pending",
              migration.interrupted() ? Cell::Colour::kYellow : Cell::Colour::kGreen};
    default:
      return {"unknown", Cell::Colour::kNone};
  }
}

std::string Padded(const Cell& cell, const Style& style) {
  const std::string padding(kActionColumns - std::min(cell.word.size(), kActionColumns), ' ');
  switch (cell.colour) {
    case Cell::Colour::kGreen:
      return style.Green(cell.word) + padding;
    case Cell::Colour::kYellow:
      return style.Yellow(cell.word) + padding;
    case Cell::Colour::kRed:
      return style.Red(cell.word) + padding;
    default:
      return std::string(cell.word) + padding;
  }
}

bool IsShown(const api::PlannedMigration& migration) {
  return migration.action() != api::ACTION_RECORDED;
}

std::string Heading(const api::Plan& plan, std::uint64_t recorded, const Style& style) {
  std::string text = "Plan: " + style.Bold(MakeVisible(plan.from_version())) + " -> " +
                     style.Bold(MakeVisible(plan.to_version()));
  if (plan.current_version() != plan.from_version()) {
    text += " (this host is at " + MakeVisible(plan.current_version()) + ")";
  }
  text += ", " + std::to_string(plan.pending()) + " pending";
  if (recorded > 0) text += ", " + std::to_string(recorded) + " recorded";
  return text + ".\n";
}

/// "a, b and 3 more", for those of `names` that are many.
std::string Enumerated(const std::vector<std::string>& names) {
  std::string text;
  const std::size_t named = std::min<std::size_t>(names.size(), kMostNamed);
  for (std::size_t i = 0; i < named; ++i) {
    text.append(i == 0 ? "" : ", ").append(MakeVisible(names[i]));
  }
  if (names.size() > named) text += " and " + std::to_string(names.size() - named) + " more";
  return text;
}

}  // namespace

std::string PlanText(const api::Plan& plan, const Style& style) {
  std::size_t id_columns = 0;
  std::uint64_t recorded = 0;
  for (const api::PlannedMigration& migration : plan.migrations()) {
    if (IsShown(migration)) {
      id_columns = std::max(id_columns, migration.migration_id().size());
    } else {
      ++recorded;
    }
  }
  std::string text = Heading(plan, recorded, style);
  for (const api::PlannedMigration& migration : plan.migrations()) {
    if (!IsShown(migration)) continue;
    const std::string id = MakeVisible(migration.migration_id());
    text += "  " + Padded(ActionCell(migration), style) + id;
    std::string rest = MakeVisible(migration.description());
    if (migration.out_of_order() && migration.action() == api::ACTION_PENDING) {
      rest.append(rest.empty() ? "" : " ").append("(out of order)");
    }
    if (!rest.empty()) {
      text.append(id_columns - std::min(id.size(), id_columns) + 2, ' ').append(rest);
    }
    text += '\n';
    if (!migration.probe_message().empty()) {
      text += "                  " + MakeVisible(migration.probe_message()) + "\n";
    }
  }
  return text;
}

std::vector<std::string> PlanWarnings(const api::Plan& plan) {
  std::vector<std::string> warnings;
  for (const api::Finding& finding : plan.findings()) {
    warnings.push_back("'" + MakeVisible(finding.subject()) +
                       "': " + MakeVisible(finding.message()));
  }
  std::vector<std::string> modified;
  std::vector<std::string> out_of_order;
  for (const api::PlannedMigration& migration : plan.migrations()) {
    if (migration.modified()) modified.push_back(migration.migration_id());
    if (migration.action() == api::ACTION_OUT_OF_ORDER) {
      out_of_order.push_back(migration.migration_id());
    }
  }
  if (!modified.empty()) {
    warnings.push_back("modified since recorded (not run again): " + Enumerated(modified));
  }
  const std::vector<std::string> missing(plan.missing_migration_ids().begin(),
                                         plan.missing_migration_ids().end());
  if (!missing.empty()) {
    warnings.push_back("recorded, but no longer in the catalogue: " + Enumerated(missing));
  }
  if (!out_of_order.empty()) {
    warnings.push_back("out of order, a run is refused: " + Enumerated(out_of_order) +
                       ". Include them with --out-of-order, or settle each with resolve.");
  }
  return warnings;
}

}  // namespace telec

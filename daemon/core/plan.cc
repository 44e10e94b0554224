#include "daemon/core/plan.h"

#include <algorithm>

#include "daemon/core/text.h"

namespace migrationd::core {
namespace {

constexpr std::size_t kMostNamed = 20;

Result<Version> ParseBound(std::string_view which, const std::string& text) {
  if (auto version = Version::Parse(text)) return *version;
  return Error{Reason::kInvalidVersion,
               std::string(which) + " is no version: " + Quote(text) + " does not follow PEP 440",
               "Give one like 1.4.0, 1.4.0rc1 or 1.4.0.post1."};
}

Error CatalogueError(const Catalogue& catalogue) {
  std::string message = "the catalogue " + Quote(catalogue.root) + " has errors:";
  std::size_t count = 0;
  for (const Finding& finding : catalogue.findings) {
    if (finding.severity != Finding::Severity::kError) continue;
    if (++count <= kMostNamed) message += "\n  " + Quote(finding.subject) + " " + finding.message;
  }
  if (count > kMostNamed) message += "\n  and " + std::to_string(count - kMostNamed) + " more";
  return Error{Reason::kCatalogueInvalid, message,
               "Mend the files named above; nothing runs before."};
}

struct Range {
  Version from;
  Version to;
};

Result<Range> RangeOf(const Catalogue& catalogue, const Version& current,
                      const PlanRequest& request) {
  Range range{current, current};
  if (request.from) {
    const auto from = ParseBound("the lower bound (from)", *request.from);
    if (!from) return from.error();
    range.from = *from;
  }
  if (request.to) {
    const auto to = ParseBound("the upper bound (to)", *request.to);
    if (!to) return to.error();
    range.to = *to;
  } else {
    // A host that is ahead of its catalogue has nothing to do; it does not go back.
    range.to = range.from;
    if (!catalogue.migrations.empty())
      range.to = std::max(range.to, catalogue.migrations.back().version);
  }
  if (range.from > range.to) {
    return Error{Reason::kBackwardRange,
                 "cannot go from " + range.from.Canonical() + " to " + range.to.Canonical() +
                     ": migrations only go forward",
                 "Give a version above " + range.from.Canonical() +
                     ", or restore the installation from a backup to go back."};
  }
  return range;
}

/// All but the migration itself.
PlannedMigration PlanOne(const Migration& migration, const State& state, const Version& current,
                         const PlanRequest& request) {
  PlannedMigration planned;
  planned.interrupted = state.in_flight.contains(migration.id);
  const auto record = state.records.find(migration.id);
  if (record != state.records.end()) {
    planned.modified = !record->second.sha256.empty() && record->second.sha256 != migration.sha256;
    const bool recheck = request.recheck && record->second.outcome != Outcome::kSkipped;
    planned.action = recheck ? Action::kRecheck : Action::kRecorded;
    return planned;
  }
  planned.out_of_order = migration.version <= current;
  planned.action =
      planned.out_of_order && !request.out_of_order ? Action::kOutOfOrder : Action::kPending;
  return planned;
}

/// Recorded ids whose script is gone. Their version is in front of the slash.
std::vector<std::string> MissingIn(const Catalogue& catalogue, const State& state) {
  std::vector<std::string_view> ids;
  ids.reserve(catalogue.migrations.size());
  for (const Migration& migration : catalogue.migrations) ids.emplace_back(migration.id);
  std::sort(ids.begin(), ids.end());
  std::vector<std::string> missing;
  for (const auto& [id, record] : state.records) {
    if (!std::binary_search(ids.begin(), ids.end(), std::string_view(id))) missing.push_back(id);
  }
  return missing;
}

std::string_view NameOf(Action action) {
  switch (action) {
    case Action::kPending:
      return "pending";
    case Action::kRecorded:
      return "recorded";
    case Action::kRecheck:
      return "recheck";
    case Action::kOutOfOrder:
      return "out-of-order";
  }
  return "";
}

std::string ManifestOf(const Plan& plan, const State& state) {
  std::string text = "from " + plan.from.Canonical() + "\nto " + plan.to.Canonical() +
                     "\ncurrent " + plan.current.Canonical() + "\nrun " +
                     std::to_string(state.position.run) + "\n";
  for (const PlannedMigration& planned : plan.migrations) {
    text += planned.migration->id;
    text += ' ';
    text += planned.migration->sha256;
    text += ' ';
    text += NameOf(planned.action);
    text += '\n';
  }
  return text;
}

}  // namespace

std::uint64_t Plan::CountOf(Action action) const {
  return static_cast<std::uint64_t>(std::count_if(
      migrations.begin(), migrations.end(),
      [action](const PlannedMigration& planned) { return planned.action == action; }));
}

Version CurrentVersion(const State& state, const Version& initial) {
  if (!state.current_version) return initial;
  return Version::Parse(*state.current_version).value_or(initial);
}

Result<Plan> MakePlan(const std::shared_ptr<const Catalogue>& catalogue, const State& state,
                      const Version& initial, const PlanRequest& request,
                      const DigestFunction& digest) {
  if (catalogue->HasErrors()) return CatalogueError(*catalogue);
  Plan plan;
  plan.current = CurrentVersion(state, initial);
  const auto range = RangeOf(*catalogue, plan.current, request);
  if (!range) return range.error();
  plan.from = range->from;
  plan.to = range->to;
  plan.findings = catalogue->findings;
  std::size_t recorded = 0;
  for (const Migration& migration : catalogue->migrations) {
    if (migration.version > plan.to) break;
    PlannedMigration planned = PlanOne(migration, state, plan.current, request);
    if (planned.action == Action::kRecorded || planned.action == Action::kRecheck) ++recorded;
    // What lies below the range matters only where the state has a gap.
    const bool in_range = migration.version > plan.from;
    if (in_range || planned.out_of_order || planned.action == Action::kRecheck) {
      planned.migration = MigrationPtr(catalogue, &migration);
      plan.migrations.push_back(std::move(planned));
    }
  }
  // As a rule each record has its script, and there is nothing to look for.
  if (recorded < state.records.size()) plan.missing = MissingIn(*catalogue, state);
  plan.manifest = ManifestOf(plan, state);
  plan.digest = digest(plan.manifest);
  return plan;
}

Status RefuseOutOfOrder(const Plan& plan) {
  std::string names;
  std::size_t count = 0;
  for (const PlannedMigration& planned : plan.migrations) {
    if (planned.action != Action::kOutOfOrder) continue;
    if (++count <= kMostNamed) names += "\n  " + planned.migration->id;
  }
  if (count == 0) return Ok();
  if (count > kMostNamed) names += "\n  and " + std::to_string(count - kMostNamed) + " more";
  return Error{
      Reason::kOutOfOrder,
      "at or below the current version " + plan.current.Canonical() + ", and not recorded:" + names,
      "Run them with --out-of-order, or settle each with `telec migrate resolve`."};
}

}  // namespace migrationd::core

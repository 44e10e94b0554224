#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/core/plan.h"
#include "tests/core/catalogue_listing.h"
#include "tests/fakes/fake_catalogue.h"

namespace migrationd::core {

/// Catalogue, state and request of one plan; told by verbs.
class Planning {
 public:
  Planning& Script(const std::string& folder, const std::string& name) {
    listing.File(folder, name);
    return *this;
  }
  /// The state has it, with the bytes that the catalogue has now.
  Planning& Recorded(const std::string& id, Outcome outcome = Outcome::kApplied) {
    Record record;
    record.outcome = outcome;
    for (const Migration& migration : listing.Judged().migrations) {
      if (migration.id == id) record.sha256 = migration.sha256;
    }
    state.records[id] = record;
    return *this;
  }
  Planning& At(const std::string& version) {
    state.current_version = version;
    return *this;
  }
  Planning& From(const std::string& version) {
    request.from = version;
    return *this;
  }
  Planning& To(const std::string& version) {
    request.to = version;
    return *this;
  }

  Result<Plan> Make() const {
    return MakePlan(std::make_shared<const Catalogue>(listing.Judged()), state, initial, request,
                    fakes::FakeSha256);
  }

  /// Each migration as "1.1.0/001_a.py pending"; a refusal as its reason.
  std::vector<std::string> Lines() const {
    const auto plan = Make();
    if (!plan) return {std::string(ReasonName(plan.error().reason))};
    std::vector<std::string> lines;
    for (const PlannedMigration& planned : plan->migrations) {
      const char* action = planned.action == Action::kPending    ? " pending"
                           : planned.action == Action::kRecorded ? " recorded"
                           : planned.action == Action::kRecheck  ? " recheck"
                                                                 : " out of order";
      lines.push_back(planned.migration->id + action + (planned.modified ? ", modified" : "") +
                      (planned.interrupted ? ", interrupted" : ""));
    }
    return lines;
  }

  Listing listing;
  State state;
  Version initial;
  PlanRequest request;
};

}  // namespace migrationd::core

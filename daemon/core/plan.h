#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/catalogue.h"
#include "daemon/core/result.h"
#include "daemon/core/state.h"
#include "daemon/core/version.h"

namespace migrationd::core {

/// What a plan is asked for.
struct PlanRequest {
  std::optional<std::string> from;  ///< Exclusive; absent: the current version.
  std::optional<std::string> to;    ///< Inclusive; absent: the catalogue's latest version.
  bool out_of_order =
      false;  ///< Include migrations at or below the current version that are not recorded.
  bool recheck = false;  ///< Ask check() of the recorded ones too.
  bool probe = false;    ///< Ask check() of the pending ones; Plan only.
};

/// What a run would do with a migration.
enum class Action { kPending, kRecorded, kRecheck, kOutOfOrder };

/// What check() said when the plan was probed.
struct ProbeAnswer {
  enum class Kind { kApplied, kNotApplied, kFailed };
  Kind kind = Kind::kFailed;
  std::string message;  ///< Why it could not answer.
};

struct PlannedMigration {
  MigrationPtr migration;
  Action action = Action::kPending;
  bool modified = false;      ///< Its bytes changed since it was recorded.
  bool out_of_order = false;  ///< At or below the current version and not recorded.
  bool interrupted = false;   ///< Was in flight when an earlier run broke off.
  std::optional<ProbeAnswer> probe;
};

/// The ordered migrations that a run would execute.
struct Plan {
  Version from;
  Version to;
  Version current;
  std::vector<PlannedMigration> migrations;  ///< Version, then number, then name.
  std::vector<Finding> findings;
  std::vector<std::string> missing;  ///< Recorded, and no longer in the catalogue.
  std::string manifest;  ///< Range, state, and id, hash and action of each: one line each. What
                         ///< makes plans equal.
  std::string digest;    ///< Of the manifest.

  std::uint64_t CountOf(Action action) const;
};

/// Makes a digest of bytes, e.g. SHA-256 in hex.
using DigestFunction = std::function<std::string(std::string_view)>;

/// The version this host is at: the state's, else `initial`.
Version CurrentVersion(const State& state, const Version& initial);

/// Plans `from < version <= to`. Pure. Errors: kCatalogueInvalid (naming the findings),
/// kInvalidVersion, kBackwardRange. A plan with kOutOfOrder migrations is a plan that must not be
/// run; see RefuseOutOfOrder.
Result<Plan> MakePlan(const std::shared_ptr<const Catalogue>& catalogue, const State& state,
                      const Version& initial, const PlanRequest& request,
                      const DigestFunction& digest);

/// kOutOfOrder when the plan holds migrations that keep it from being run.
Status RefuseOutOfOrder(const Plan& plan);

}  // namespace migrationd::core

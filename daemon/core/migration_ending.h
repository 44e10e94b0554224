#pragma once

#include <optional>

#include "daemon/core/event.h"
#include "daemon/core/ports.h"

namespace migrationd::core {

/// What the end of a script means for its migration.
struct MigrationEnding {
  Outcome outcome;
  std::optional<Failure> failure;
};

/// `interrupted`: it was in flight when an earlier run broke off. `shutdown`: the daemon is
/// stopping. Takes the failure out of `end`.
MigrationEnding EndingOf(ScriptEnd& end, bool interrupted, bool shutdown);

/// Whether its effect is there.
bool EndedWell(const ScriptEnd& end);

}  // namespace migrationd::core

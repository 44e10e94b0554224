#include "daemon/core/migration_ending.h"

#include <utility>
#include <variant>

#include "daemon/core/overloaded.h"

namespace migrationd::core {

MigrationEnding EndingOf(ScriptEnd& end, bool interrupted, bool shutdown) {
  return std::visit(
      Overloaded{
          [&](ScriptWasApplied&) {
            return MigrationEnding{interrupted ? Outcome::kRecovered : Outcome::kAlreadyApplied,
                                   std::nullopt};
          },
          [&](ScriptApplied&) {
            return MigrationEnding{Outcome::kApplied, std::nullopt};
          },
          [&](ScriptPending&) {
            return MigrationEnding{Outcome::kFailed, std::nullopt};
          },
          [&](ScriptFailed& how) {
            return MigrationEnding{Outcome::kFailed, std::move(how.failure)};
          },
          [&](ScriptTimedOut& how) {
            return MigrationEnding{Outcome::kTimedOut, std::move(how.failure)};
          },
          [&](ScriptStopped& how) {
            return MigrationEnding{shutdown ? Outcome::kInterrupted : Outcome::kCancelled,
                                   std::move(how.failure)};
          },
      },
      end.how);
}

bool EndedWell(const ScriptEnd& end) {
  return std::holds_alternative<ScriptWasApplied>(end.how) ||
         std::holds_alternative<ScriptApplied>(end.how);
}

}  // namespace migrationd::core

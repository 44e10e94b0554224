#pragma once

#include <functional>

#include "daemon/core/plan.h"
#include "daemon/core/ports.h"

namespace migrationd::core {

/// Asks check() of every pending migration of `plan`, one after the other, and notes the answers in
/// it. migrate() is never called and nothing is recorded. Requires that no job is running. When
/// `proceed` says no, the rest is not asked. `done` is called when the last one has ended; the
/// ports must live until then.
void ProbePlan(ScriptRunner& runner, CatalogueSource& source, Plan plan,
               std::function<bool()> proceed, std::function<void(Result<Plan>)> done);

}  // namespace migrationd::core

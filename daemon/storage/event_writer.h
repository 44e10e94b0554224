#pragma once

#include <string_view>

#include "daemon/core/event.h"
#include "daemon/storage/json_fields.h"

namespace migrationd::storage {

/// The fact's name in a run log: "migration_started".
std::string_view EventName(const core::Fact& fact);

/// Adds the fact's own members to `line`, but not the text of an OutputWritten, which is too long
/// for a tree; docs/reference/state-files.md lists them.
void WriteFact(const core::Fact& fact, JsonOut& line);

}  // namespace migrationd::storage

#pragma once

#include <variant>

#include "daemon/storage/json_fields.h"
#include "daemon/storage/state_codec.h"

namespace migrationd::storage {

/// Reads the original's state file, `{"applied": ["1.1.0/001_x.py", …]}`, as a state with no
/// position: records without time, run and hash.
std::variant<Snapshot, BadSnapshot> DecodeLegacy(const JsonIn& json);

}  // namespace migrationd::storage

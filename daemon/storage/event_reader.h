#pragma once

#include <string_view>

#include "daemon/core/event.h"
#include "daemon/core/result.h"

namespace migrationd::storage {

/// The event in a line of a run log whose checksum has been verified. Error: kStateDamaged, for a
/// line that a newer migrationd wrote.
core::Result<core::EventPtr> ReadEvent(std::string_view line);

}  // namespace migrationd::storage

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/event.h"

namespace migrationd::storage {

/// "2031-05-06T07:08:09.000123Z" (RFC 3339, UTC, always six decimals), for years 0 to 9999; what
/// lies outside of them is taken for the nearest such moment.
std::string FormatTime(core::WallTime time);

/// Reads exactly what FormatTime writes.
std::optional<core::WallTime> ParseTime(std::string_view text);

}  // namespace migrationd::storage

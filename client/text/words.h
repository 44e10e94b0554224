#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "client/api.h"

namespace telec {

/// The API's values in words: "already applied", "interrupted", "migrate()", "after the current
/// migration" … Values of a newer daemon, which this client has no word for, are "unknown".
std::string_view WordOf(api::Outcome outcome);
std::string_view WordOf(api::RunOutcome outcome);
std::string_view WordOf(api::Phase phase);
std::string_view WordOf(api::Resolution resolution);
std::string_view WordOf(api::CancelMode mode);

/// Whether a migration with this outcome counts as done.
bool EndedWell(api::Outcome outcome);

/// "root", or "uid 1000" for a user without a name.
std::string NameOf(const api::Requester& requester);

/// Local time: "2031-05-04 13:02:11". `unix_us` counts microseconds since the Unix epoch.
std::string FormatTime(std::int64_t unix_us);

/// "1 migration", "3 migrations".
std::string Count(std::uint64_t number, std::string_view noun);

/// "512 bytes", "1.2 MB".
std::string FormatBytes(std::uint64_t bytes);

}  // namespace telec

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace telec {

/// For people: "0.4 ms", "12 ms", "3.2 s", "4 min 05 s", "2 h 07 min".
std::string FormatDuration(std::chrono::microseconds duration);

/// What --wait takes: "90" (seconds), "500ms", "30s", "10m", "2h", or several of them: "1h30m".
/// nullopt when it is none of these, negative, or longer than a year.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace telec

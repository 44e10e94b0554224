#pragma once

#include <string>
#include <string_view>

#include "client/api.h"
#include "client/text/style.h"

namespace telec {

/// What went wrong with a migration, as indented lines: phase and message, how its process ended,
/// the traceback, the end of its output.
std::string FailureText(const api::Failure& failure, const Style& style);

/// `text` line by line, each behind `prefix` and with control characters made visible. Ends with a
/// line break.
std::string Prefixed(std::string_view text, std::string_view prefix);

}  // namespace telec

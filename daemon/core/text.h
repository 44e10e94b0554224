#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

namespace migrationd::core {

/// `text` in single quotes, for a message: always UTF-8, always one line, harmless on a terminal.
/// Control characters, invisible and direction-changing characters, `'` and `\` are escaped (`\n`,
/// `\x1b`, `\u202e`), and so is each byte that is not UTF-8 (`\xff`).
std::string Quote(std::string_view text);

/// `text` with everything that is not UTF-8 replaced by U+FFFD, one for each maximal subpart (see
/// utf8.h), as browsers and Python's `errors="replace"` do. At most three times as long. Valid
/// text, the usual case, costs little more than its copy.
std::string ToValidUtf8(std::string_view text);

/// The candidate that `word` was most likely meant to be, for "did you mean …?": the fewest
/// insertions, deletions, substitutions and swaps of neighbours, in bytes; the first of equals.
/// Empty when none is near: more than a third of the longer word (but always one) would have to
/// change.
std::string ClosestOf(std::string_view word, std::span<const std::string_view> candidates);
std::string ClosestOf(std::string_view word, std::span<const std::string> candidates);

/// For people: "0.4 ms", "12 ms", "3.2 s", "4 min 05 s", "2 h 03 min"; rounded to what is shown. A
/// negative duration has a "-" in front.
std::string FormatDuration(std::chrono::nanoseconds duration);

/// RFC 3339 in UTC, cut off to milliseconds: "2024-02-29T23:59:59.999Z". What RFC 3339 cannot say,
/// before year 0 or after year 9999, becomes the nearest moment that it can.
std::string FormatTime(std::chrono::microseconds since_epoch);

}  // namespace migrationd::core

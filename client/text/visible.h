#pragma once

#include <string>
#include <string_view>

namespace telec {

/// `text` with everything that a terminal would obey made visible: control characters as ^[ and ^M,
/// C1 controls and characters that reorder or hide text (Unicode's bidirectional controls, line and
/// paragraph separators) as <U+202E>, bytes that are not UTF-8 as U+FFFD. Tabs stay; line breaks
/// stay only with `keep_lines`.
std::string MakeVisible(std::string_view text, bool keep_lines = false);

/// Whether `text` is well-formed UTF-8: what the API's strings must be.
bool IsUtf8(std::string_view text);

/// How many columns `text` takes on a terminal, about: wide East Asian characters and emoji count
/// two, combining ones none. Requires visible text.
std::size_t ColumnsOf(std::string_view text);

/// The longest beginning of `text` that takes at most `columns`; "..." at its end when something is
/// left out.
std::string Shortened(std::string_view text, std::size_t columns);

}  // namespace telec

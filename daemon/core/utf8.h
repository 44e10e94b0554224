#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace migrationd::core {

/// What stands at the front of a text.
struct Utf8Unit {
  std::size_t length;                  ///< In bytes, 1 to 4.
  std::optional<char32_t> code_point;  ///< Nothing: these bytes are not UTF-8.
};

/// Reads one code point from the front of `text`, which is not empty. What is not UTF-8 is taken in
/// "maximal subparts" (the Unicode Standard, 3.9, U+FFFD Substitution): the longest beginning of a
/// well-formed sequence, else one byte. Surrogates, overlong forms and what lies above U+10FFFF are
/// not UTF-8.
Utf8Unit FirstUtf8Unit(std::string_view text);

/// How many bytes at the front of `text` are well-formed UTF-8: `text.size()` when all are.
std::size_t ValidUtf8Prefix(std::string_view text);

}  // namespace migrationd::core

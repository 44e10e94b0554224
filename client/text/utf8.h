#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace telec {

/// One character of a text.
struct Character {
  std::uint32_t code = 0;  ///< Unicode code point.
  std::size_t bytes = 0;   ///< How long it is, 1..4.
};

/// The first character of `text`; nullopt when it begins with bytes that are not well-formed UTF-8
/// (Unicode table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF). Requires a text
/// that is not empty.
std::optional<Character> FirstCharacter(std::string_view text);

}  // namespace telec

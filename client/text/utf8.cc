#include "client/text/utf8.h"

#include <array>

namespace telec {
namespace {

/// What a lead byte says: how long the character is, and the least code point that needs that
/// length.
struct Lead {
  unsigned char mask;
  unsigned char value;
  std::size_t bytes;
  std::uint32_t least;
};

constexpr std::array kLeads = {
    Lead{0x80, 0x00, 1, 0},
    Lead{0xe0, 0xc0, 2, 0x80},
    Lead{0xf0, 0xe0, 3, 0x800},
    Lead{0xf8, 0xf0, 4, 0x10000},
};

constexpr std::uint32_t kLast = 0x10ffff;

bool IsSurrogate(std::uint32_t code) { return code >= 0xd800 && code <= 0xdfff; }

}  // namespace

std::optional<Character> FirstCharacter(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  for (const Lead& lead : kLeads) {
    if ((first & lead.mask) != lead.value) continue;
    if (text.size() < lead.bytes) return std::nullopt;
    std::uint32_t code = first & static_cast<unsigned char>(~lead.mask);
    for (std::size_t i = 1; i < lead.bytes; ++i) {
      const auto next = static_cast<unsigned char>(text[i]);
      if ((next & 0xc0) != 0x80) return std::nullopt;
      code = code << 6 | (next & 0x3f);
    }
    if (code < lead.least || code > kLast || IsSurrogate(code)) return std::nullopt;
    return Character{code, lead.bytes};
  }
  return std::nullopt;
}

}  // namespace telec

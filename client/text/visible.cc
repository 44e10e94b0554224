#include "client/text/visible.h"

#include <array>
#include <cstdint>
#include <cstdio>

#include "client/text/utf8.h"

namespace telec {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::string_view kEllipsis = "...";

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

template <typename Table>
bool IsIn(const Table& table, std::uint32_t code) {
  for (const Range& range : table) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

/// Reorder or hide the text around them, or break a line (UAX #9, UAX #14).
constexpr std::array kTreacherous = {
    Range{0x80, 0x9f},     Range{0x61c, 0x61c},   Range{0x200e, 0x200f},   Range{0x2028, 0x202e},
    Range{0x2066, 0x2069}, Range{0xfff9, 0xfffb}, Range{0xe0000, 0xe007f},
};

/// Take no column of their own: the blocks of combining marks, joiners, variation selectors.
constexpr std::array kNarrow = {
    Range{0x300, 0x36f},   Range{0x200b, 0x200d}, Range{0x1ab0, 0x1aff}, Range{0x20d0, 0x20ff},
    Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}, Range{0xfeff, 0xfeff},
};

/// Take two: the wide blocks of UAX #11.
constexpr std::array kWide = {
    Range{0x1100, 0x115f},   Range{0x2e80, 0x303e},   Range{0x3041, 0xa4cf},
    Range{0xac00, 0xd7a3},   Range{0xf900, 0xfaff},   Range{0xfe30, 0xfe6f},
    Range{0xff00, 0xff60},   Range{0xffe0, 0xffe6},   Range{0x1f300, 0x1f64f},
    Range{0x1f900, 0x1f9ff}, Range{0x20000, 0x3fffd},
};

std::size_t ColumnsOf(std::uint32_t code) {
  if (IsIn(kNarrow, code)) return 0;
  return IsIn(kWide, code) ? 2 : 1;
}

/// How many bytes at the front are shown as they are, by the quickest look at them: what a script
/// prints is long, and nearly all of it is this.
std::size_t PlainPrefix(std::string_view text, bool keep_lines) {
  std::size_t length = 0;
  while (length < text.size()) {
    const char byte = text[length];
    if ((byte < 0x20 || byte > 0x7e) && byte != '\t' && (byte != '\n' || !keep_lines)) break;
    ++length;
  }
  return length;
}

void AppendVisible(std::string& to, std::string_view bytes, std::uint32_t code, bool keep_lines) {
  if (code == '\t' || (code == '\n' && keep_lines)) {
    to += static_cast<char>(code);
  } else if (code < 0x20 || code == 0x7f) {
    to += '^';
    to += static_cast<char>(code ^ 0x40U);
  } else if (IsIn(kTreacherous, code)) {
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "<U+%04X>", code);
    to += name.data();
  } else {
    to += bytes;
  }
}

}  // namespace

std::string MakeVisible(std::string_view text, bool keep_lines) {
  std::string visible;
  visible.reserve(text.size());
  for (;;) {
    const std::size_t plain = PlainPrefix(text, keep_lines);
    visible += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto character = FirstCharacter(text);
    if (character) {
      AppendVisible(visible, text.substr(0, character->bytes), character->code, keep_lines);
    } else {
      visible += kReplacement;
    }
    text.remove_prefix(character ? character->bytes : 1);
  }
  return visible;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const auto character = FirstCharacter(text);
    if (!character) return false;
    text.remove_prefix(character->bytes);
  }
  return true;
}

std::size_t ColumnsOf(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto character = FirstCharacter(text);
    columns += character ? ColumnsOf(character->code) : 1;
    text.remove_prefix(character ? character->bytes : 1);
  }
  return columns;
}

std::string Shortened(std::string_view text, std::size_t columns) {
  if (ColumnsOf(text) <= columns) return std::string(text);
  if (columns <= kEllipsis.size()) return std::string(kEllipsis.substr(0, columns));
  std::size_t kept = 0;
  std::size_t used = 0;
  while (kept < text.size()) {
    const auto character = FirstCharacter(text.substr(kept));
    used += character ? ColumnsOf(character->code) : 1;
    if (used > columns - kEllipsis.size()) break;
    kept += character ? character->bytes : 1;
  }
  return std::string(text.substr(0, kept)).append(kEllipsis);
}

}  // namespace telec

#include "daemon/storage/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "daemon/core/text.h"
#include "daemon/core/utf8.h"

namespace migrationd::storage {
namespace {

constexpr std::string_view kLongPrefix = "\\u00";
constexpr std::size_t kLongEscape = 6;

/// What follows the backslash: 0 for a byte that stands for itself, 'u' where it is spelled out.
constexpr std::array<char, 256> MakeEscapes() {
  std::array<char, 256> escapes{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) escapes[byte] = 'u';
  escapes['\b'] = 'b';
  escapes['\f'] = 'f';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  return escapes;
}

constexpr std::array<char, 256> kEscapes = MakeEscapes();

char EscapeOf(char byte) { return kEscapes[static_cast<unsigned char>(byte)]; }

/// The byte that is written as a backslash and `letter`; nothing when there is none.
std::optional<char> MeaningOf(char letter) {
  switch (letter) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case '"':
    case '\\':
      return letter;
    default:
      return std::nullopt;
  }
}

/// The control character that `\u00XX` at the front of `written` stands for.
std::optional<char> ControlOf(std::string_view written) {
  if (written.size() < kLongEscape || !written.starts_with(kLongPrefix)) return std::nullopt;
  unsigned code = 0;
  const char* end = written.data() + kLongEscape;
  const auto [stop, error] = std::from_chars(written.data() + kLongPrefix.size(), end, code, 16);
  if (error != std::errc() || stop != end || code >= 0x20) return std::nullopt;
  return static_cast<char>(code);
}

void AppendEscape(std::string& json, char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const char escape = EscapeOf(byte);
  json += '\\';
  json += escape;
  if (escape != 'u') return;
  const auto code = static_cast<unsigned char>(byte);
  json += "00";
  json += kDigits[code >> 4U];
  json += kDigits[code & 0xFU];
}

}  // namespace

void AppendJsonText(std::string& json, std::string_view text) {
  if (core::ValidUtf8Prefix(text) != text.size()) {
    return AppendJsonText(json, core::ToValidUtf8(text));
  }
  json.reserve(json.size() + text.size() + text.size() / 16 + 2);
  json += '"';
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (EscapeOf(text[i]) == 0) continue;
    json += text.substr(plain, i - plain);
    AppendEscape(json, text[i]);
    plain = i + 1;
  }
  json += text.substr(plain);
  json += '"';
}

std::optional<std::string> ReadJsonText(std::string_view written) {
  std::string text;
  text.reserve(written.size());
  while (!written.empty()) {
    const std::size_t plain = std::min(written.find('\\'), written.size());
    text += written.substr(0, plain);
    written.remove_prefix(plain);
    if (written.empty()) break;
    if (written.size() < 2) return std::nullopt;
    if (const auto byte = MeaningOf(written[1])) {
      text += *byte;
      written.remove_prefix(2);
      continue;
    }
    const std::optional<char> control = ControlOf(written);
    if (!control) return std::nullopt;
    text += *control;
    written.remove_prefix(kLongEscape);
  }
  return text;
}

std::size_t EndOfJsonText(std::string_view json, std::size_t begin) {
  std::size_t quote = json.find('"', begin);
  while (quote != std::string_view::npos) {
    std::size_t backslashes = 0;
    while (backslashes < quote - begin && json[quote - backslashes - 1] == '\\') ++backslashes;
    if (backslashes % 2 == 0) break;
    quote = json.find('"', quote + 1);
  }
  return quote;
}

}  // namespace migrationd::storage

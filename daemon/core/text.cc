#include "daemon/core/text.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "daemon/core/utf8.h"

namespace migrationd::core {
namespace {

/// Characters that show nothing, or change how the rest of the line is shown.
bool IsDeceptive(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0)  // C0, DEL, C1
         || c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

std::string Hexadecimal(char32_t value, int digits) {
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += "0123456789abcdef"[value >> shift & 0xF];
  }
  return text;
}

std::string Escaped(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  return c < 0x80 ? "\\x" + Hexadecimal(c, 2) : "\\u" + Hexadecimal(c, 4);
}

/// Optimal string alignment: Damerau and Levenshtein's distance, where no stretch is edited twice.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) current[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, current);
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, substituted});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
  }
  return current[b.size()];
}

/// Whether so many edits leave the word recognisable.
bool IsNear(std::size_t edits, std::size_t longer) {
  return edits < longer && edits <= std::max<std::size_t>(1, longer / 3);
}

template <typename String>
std::string Closest(std::string_view word, std::span<const String> candidates) {
  const String* best = nullptr;
  std::size_t fewest = 0;
  for (const String& candidate : candidates) {
    const std::size_t longer = std::max(word.size(), candidate.size());
    const std::size_t shorter = std::min(word.size(), candidate.size());
    // Spares the table of the distance, which would be large for a word that is.
    if (!IsNear(longer - shorter, longer)) continue;
    const std::size_t edits = EditDistance(word, candidate);
    if (IsNear(edits, longer) && (best == nullptr || edits < fewest)) {
      best = &candidate;
      fewest = edits;
    }
  }
  return best != nullptr ? std::string(*best) : "";
}

}  // namespace

std::string Quote(std::string_view text) {
  std::string quoted = "'";
  while (!text.empty()) {
    const Utf8Unit unit = FirstUtf8Unit(text);
    const std::string_view bytes = text.substr(0, unit.length);
    text.remove_prefix(unit.length);
    if (!unit.code_point) {
      for (const char byte : bytes)
        quoted += "\\x" + Hexadecimal(static_cast<unsigned char>(byte), 2);
    } else if (IsDeceptive(*unit.code_point)) {
      quoted += Escaped(*unit.code_point);
    } else {
      if (bytes == "'" || bytes == "\\") quoted += '\\';
      quoted += bytes;
    }
  }
  return quoted + "'";
}

std::string ToValidUtf8(std::string_view text) {
  std::string valid;
  while (true) {
    const std::size_t length = ValidUtf8Prefix(text);
    valid += text.substr(0, length);
    text.remove_prefix(length);
    if (text.empty()) return valid;
    valid += "\xEF\xBF\xBD";
    text.remove_prefix(FirstUtf8Unit(text).length);
  }
}

std::string ClosestOf(std::string_view word, std::span<const std::string_view> candidates) {
  return Closest(word, candidates);
}

std::string ClosestOf(std::string_view word, std::span<const std::string> candidates) {
  return Closest(word, candidates);
}

}  // namespace migrationd::core

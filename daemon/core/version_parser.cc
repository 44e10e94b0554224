// The grammar of PEP 440, appendix B, read from left to right. The PEP gives it as a backtracking
// regular expression; one token of look-ahead reads the same language, because after a word that
// begins like a longer one (`pre`, `preview`) nothing may follow that continues it.

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <utility>

#include "daemon/core/version.h"

namespace migrationd::core {
namespace {

// What Python's \s matches outside ASCII: U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029,
// U+202F, U+205F, U+3000.
constexpr std::string_view kWideSpaces[] = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool IsAsciiSpace(char c) { return (c >= '\t' && c <= '\r') || (c >= '\x1C' && c <= ' '); }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Not <cctype>: its answers depend on the process's locale.
char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsAlphanumeric(char c) { return IsDigit(c) || (ToLower(c) >= 'a' && ToLower(c) <= 'z'); }

bool IsSeparator(char c) { return c == '-' || c == '_' || c == '.'; }

std::size_t LeadingSpace(std::string_view text) {
  if (!text.empty() && IsAsciiSpace(text.front())) return 1;
  for (const std::string_view space : kWideSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

std::size_t TrailingSpace(std::string_view text) {
  if (!text.empty() && IsAsciiSpace(text.back())) return 1;
  for (const std::string_view space : kWideSpaces) {
    if (text.ends_with(space)) return space.size();
  }
  return 0;
}

std::string_view Trim(std::string_view text) {
  while (const std::size_t length = LeadingSpace(text)) text.remove_prefix(length);
  while (const std::size_t length = TrailingSpace(text)) text.remove_suffix(length);
  return text;
}

}  // namespace

/// Reads one version. Each `Read…` takes its part from the front of `rest_`, or nothing when the
/// part is absent.
class VersionParser {
 public:
  explicit VersionParser(std::string_view text) : rest_(text) {}

  std::optional<Version> Parse() {
    TakeIf([](char c) { return ToLower(c) == 'v'; });
    if (!ReadEpochAndRelease()) return std::nullopt;
    ReadPre();
    ReadPost();
    parts_.dev = ReadMarker({"dev"});
    if (!ReadLocal() || !rest_.empty()) return std::nullopt;
    return Version(std::move(parts_));
  }

 private:
  bool ReadEpochAndRelease() {
    std::string_view number = TakeDigits();
    if (!number.empty() && TakeIf([](char c) { return c == '!'; })) {
      parts_.epoch = Natural(number);
      number = TakeDigits();
    }
    if (number.empty()) return false;
    parts_.release = {Natural(number)};
    while (rest_.size() > 1 && rest_[0] == '.' && IsDigit(rest_[1])) {
      rest_.remove_prefix(1);
      parts_.release.emplace_back(TakeDigits());
    }
    return true;
  }

  void ReadPre() {
    if (auto alpha = ReadMarker({"alpha", "a"})) {
      parts_.pre.emplace(Version::Stage::kAlpha, *std::move(alpha));
    } else if (auto beta = ReadMarker({"beta", "b"})) {
      parts_.pre.emplace(Version::Stage::kBeta, *std::move(beta));
    } else if (auto candidate = ReadMarker({"rc", "c", "preview", "pre"})) {
      parts_.pre.emplace(Version::Stage::kReleaseCandidate, *std::move(candidate));
    }
  }

  void ReadPost() {
    if (rest_.size() > 1 && rest_[0] == '-' && IsDigit(rest_[1])) {
      rest_.remove_prefix(1);
      parts_.post = Natural(TakeDigits());
    } else {
      parts_.post = ReadMarker({"post", "rev", "r"});
    }
  }

  /// False when a local version begins, but is not one.
  bool ReadLocal() {
    if (!TakeIf([](char c) { return c == '+'; })) return true;
    do {
      const std::string_view segment = TakeWhile(IsAlphanumeric);
      if (segment.empty()) return false;
      if (std::ranges::all_of(segment, IsDigit)) {
        parts_.local.emplace_back(Natural(segment));
      } else {
        std::string text(segment);
        std::ranges::transform(text, text.begin(), ToLower);
        parts_.local.emplace_back(std::move(text));
      }
    } while (TakeIf(IsSeparator));
    return true;
  }

  /// `[-_.]? word [-_.]? digits?`, with the first of `words` that fits: a word goes before its own
  /// beginning. The number is 0 when there are no digits.
  std::optional<Natural> ReadMarker(std::initializer_list<std::string_view> words) {
    const std::string_view before = rest_;
    TakeIf(IsSeparator);
    if (!std::ranges::any_of(words, [this](std::string_view word) { return TakeWord(word); })) {
      rest_ = before;
      return std::nullopt;
    }
    TakeIf(IsSeparator);
    const std::string_view digits = TakeDigits();
    return digits.empty() ? Natural() : Natural(digits);
  }

  bool TakeWord(std::string_view word) {
    if (!std::ranges::equal(rest_.substr(0, word.size()), word, {}, ToLower)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  template <typename Predicate>
  bool TakeIf(Predicate matches) {
    if (rest_.empty() || !matches(rest_.front())) return false;
    rest_.remove_prefix(1);
    return true;
  }

  template <typename Predicate>
  std::string_view TakeWhile(Predicate matches) {
    const auto end = std::ranges::find_if_not(rest_, matches);
    const std::string_view taken(rest_.begin(), end);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view TakeDigits() { return TakeWhile(IsDigit); }

  std::string_view rest_;
  Version::Parts parts_;
};

std::optional<Version> Version::Parse(std::string_view text) {
  return VersionParser(Trim(text)).Parse();
}

}  // namespace migrationd::core

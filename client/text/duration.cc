#include "client/text/duration.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace telec {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongest = std::chrono::hours(24 * 365);

/// "12" or "3.2", and the unit.
std::string Decimal(std::int64_t tenths, bool with_tenths, std::string_view unit) {
  std::string text = std::to_string(tenths / 10);
  if (with_tenths) text.append(".").append(std::to_string(tenths % 10));
  return text.append(" ").append(unit);
}

std::string Pair(std::int64_t high, std::string_view high_unit, std::int64_t low,
                 std::string_view low_unit) {
  std::string text = std::to_string(high);
  text.append(" ").append(high_unit).append(low < 10 ? " 0" : " ");
  return text.append(std::to_string(low)).append(" ").append(low_unit);
}

std::optional<milliseconds> UnitOf(std::string_view name) {
  if (name.empty() || name == "s") return std::chrono::seconds(1);
  if (name == "ms") return milliseconds(1);
  if (name == "m") return std::chrono::minutes(1);
  if (name == "h") return std::chrono::hours(1);
  return std::nullopt;
}

}  // namespace

std::string FormatDuration(std::chrono::microseconds duration) {
  const std::int64_t us = duration.count();
  const std::int64_t seconds = us / 1'000'000;
  if (us < 1'000) return Decimal(us / 100, true, "ms");
  if (us < 1'000'000) return Decimal(us / 100, false, "ms");
  if (seconds < 60) return Decimal(us / 100'000, true, "s");
  if (seconds < 3'600) return Pair(seconds / 60, "min", seconds % 60, "s");
  return Pair(seconds / 3'600, "h", seconds % 3'600 / 60, "min");
}

std::optional<milliseconds> ParseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  milliseconds sum{0};
  // A number without a unit stands alone.
  const bool bare = text.find_first_not_of("0123456789") == std::string_view::npos;
  while (!text.empty()) {
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || number > static_cast<std::uint64_t>(kLongest.count())) {
      return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::size_t unit_length = std::min(text.find_first_of("0123456789"), text.size());
    const auto unit = UnitOf(text.substr(0, unit_length));
    if (!unit || (unit_length == 0 && !bare)) return std::nullopt;
    text.remove_prefix(unit_length);
    if (number > static_cast<std::uint64_t>(kLongest / *unit)) return std::nullopt;
    sum += *unit * static_cast<std::int64_t>(number);
  }
  if (sum > kLongest) return std::nullopt;
  return sum;
}

}  // namespace telec

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "daemon/core/text.h"

namespace migrationd::core {
namespace {

std::string Padded(std::uint64_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  digits.insert(0, width - std::min(width, digits.size()), '0');
  return digits;
}

std::string WithOneDecimal(std::uint64_t tenths) {
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string FormatMagnitude(std::uint64_t nanoseconds) {
  // Rounds first and chooses the unit by the result: 59.96 s are "1 min 00 s", never "60.0 s".
  const auto in = [nanoseconds](std::uint64_t unit) { return (nanoseconds + unit / 2) / unit; };
  constexpr std::uint64_t kMillisecond = 1'000'000;
  constexpr std::uint64_t kSecond = 1000 * kMillisecond;
  constexpr std::uint64_t kMinute = 60 * kSecond;
  if (const auto tenths = in(kMillisecond / 10); tenths < 100)
    return WithOneDecimal(tenths) + " ms";
  if (const auto milliseconds = in(kMillisecond); milliseconds < 1000)
    return std::to_string(milliseconds) + " ms";
  if (const auto tenths = in(kSecond / 10); tenths < 600) return WithOneDecimal(tenths) + " s";
  if (const auto seconds = in(kSecond); seconds < 3600) {
    return std::to_string(seconds / 60) + " min " + Padded(seconds % 60, 2) + " s";
  }
  const std::uint64_t minutes = in(kMinute);
  return std::to_string(minutes / 60) + " h " + Padded(minutes % 60, 2) + " min";
}

}  // namespace

std::string FormatDuration(std::chrono::nanoseconds duration) {
  const auto count = static_cast<std::uint64_t>(duration.count());
  // Negated as unsigned: the smallest signed number has no counterpart.
  return duration.count() < 0 ? "-" + FormatMagnitude(0 - count) : FormatMagnitude(count);
}

std::string FormatTime(std::chrono::microseconds since_epoch) {
  using std::chrono::days;
  using std::chrono::milliseconds;
  using std::chrono::sys_days;
  using std::chrono::year;
  constexpr std::chrono::microseconds kFirst = sys_days(year(0) / 1 / 1).time_since_epoch();
  constexpr std::chrono::microseconds kEnd = sys_days(year(10'000) / 1 / 1).time_since_epoch();
  const auto time = std::clamp(since_epoch, kFirst, kEnd - std::chrono::microseconds(1));
  const sys_days day{std::chrono::floor<days>(time)};
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(
      std::chrono::floor<milliseconds>(time - day.time_since_epoch()));
  const auto padded = [](auto number, std::size_t width) {
    return Padded(static_cast<std::uint64_t>(number), width);
  };
  return padded(static_cast<int>(date.year()), 4) + "-" +
         padded(static_cast<unsigned>(date.month()), 2) + "-" +
         padded(static_cast<unsigned>(date.day()), 2) + "T" + padded(clock.hours().count(), 2) +
         ":" + padded(clock.minutes().count(), 2) + ":" + padded(clock.seconds().count(), 2) + "." +
         padded(clock.subseconds().count(), 3) + "Z";
}

}  // namespace migrationd::core

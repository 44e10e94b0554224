#include "daemon/storage/rfc3339.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace migrationd::storage {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year;

constexpr std::string_view kForm = "YYYY-MM-DDTHH:MM:SS.uuuuuuZ";

constexpr microseconds kEarliest = sys_days{year{0} / 1 / 1}.time_since_epoch();
constexpr microseconds kLatest =
    microseconds{sys_days{year{10000} / 1 / 1}.time_since_epoch()} - microseconds{1};

/// The digits of `text` at [at, at + size), which the caller has checked to be digits.
unsigned Number(std::string_view text, std::size_t at, std::size_t size) {
  unsigned value = 0;
  std::from_chars(text.data() + at, text.data() + at + size, value);
  return value;
}

bool HasForm(std::string_view text) {
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_separator =
        kForm[i] == '-' || kForm[i] == 'T' || kForm[i] == ':' || kForm[i] == '.' || kForm[i] == 'Z';
    if (is_separator ? text[i] != kForm[i] : (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

}  // namespace

std::string FormatTime(core::WallTime time) {
  time = std::clamp(time, kEarliest, kLatest);
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{sys_days{day}};
  const std::chrono::hh_mm_ss clock{time - day};
  std::array<char, 64> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ld.%06ldZ",
                    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                    static_cast<unsigned>(date.day()), clock.hours().count(),
                    clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
  return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<core::WallTime> ParseTime(std::string_view text) {
  if (!HasForm(text)) return std::nullopt;
  const std::chrono::year_month_day date{year{static_cast<int>(Number(text, 0, 4))},
                                         std::chrono::month{Number(text, 5, 2)},
                                         std::chrono::day{Number(text, 8, 2)}};
  const unsigned hour = Number(text, 11, 2);
  const unsigned minute = Number(text, 14, 2);
  const unsigned second = Number(text, 17, 2);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return microseconds{sys_days{date}.time_since_epoch()} + std::chrono::hours{hour} +
         std::chrono::minutes{minute} + std::chrono::seconds{second} +
         microseconds{Number(text, 20, 6)};
}

}  // namespace migrationd::storage

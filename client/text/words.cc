#include "client/text/words.h"

#include <time.h>

#include <array>

#include "client/text/visible.h"

namespace telec {

std::string_view WordOf(api::Outcome outcome) {
  switch (outcome) {
    case api::OUTCOME_APPLIED:
      return "applied";
    case api::OUTCOME_ALREADY_APPLIED:
      return "already applied";
    case api::OUTCOME_RECOVERED:
      return "recovered";
    case api::OUTCOME_SKIPPED:
      return "skipped";
    case api::OUTCOME_FAILED:
      return "failed";
    case api::OUTCOME_TIMED_OUT:
      return "timed out";
    case api::OUTCOME_CANCELLED:
      return "cancelled";
    case api::OUTCOME_INTERRUPTED:
      return "interrupted";
    default:
      return "unknown";
  }
}

std::string_view WordOf(api::RunOutcome outcome) {
  switch (outcome) {
    case api::RUN_OUTCOME_UNSPECIFIED:
      return "running";
    case api::RUN_OUTCOME_SUCCEEDED:
      return "succeeded";
    case api::RUN_OUTCOME_FAILED:
      return "failed";
    case api::RUN_OUTCOME_CANCELLED:
      return "cancelled";
    case api::RUN_OUTCOME_INTERRUPTED:
      return "interrupted";
    default:
      return "unknown";
  }
}

std::string_view WordOf(api::Phase phase) {
  switch (phase) {
    case api::PHASE_START:
      return "the start of its process";
    case api::PHASE_LOAD:
      return "loading the script";
    case api::PHASE_CHECK:
      return "check()";
    case api::PHASE_MIGRATE:
      return "migrate()";
    case api::PHASE_VERIFY:
      return "check() after migrate()";
    default:
      return "an unknown phase";
  }
}

std::string_view WordOf(api::Resolution resolution) {
  switch (resolution) {
    case api::RESOLUTION_APPLIED:
      return "applied";
    case api::RESOLUTION_SKIPPED:
      return "skipped";
    case api::RESOLUTION_PENDING:
      return "pending";
    default:
      return "unknown";
  }
}

std::string_view WordOf(api::CancelMode mode) {
  return mode == api::CANCEL_MODE_NOW ? "now" : "after the current migration";
}

bool EndedWell(api::Outcome outcome) {
  return outcome == api::OUTCOME_APPLIED || outcome == api::OUTCOME_ALREADY_APPLIED ||
         outcome == api::OUTCOME_RECOVERED || outcome == api::OUTCOME_SKIPPED;
}

std::string NameOf(const api::Requester& requester) {
  if (requester.user().empty()) return "uid " + std::to_string(requester.uid());
  return MakeVisible(requester.user());
}

std::string FormatTime(std::int64_t unix_us) {
  const time_t seconds = unix_us / 1'000'000;
  tm parts{};
  if (localtime_r(&seconds, &parts) == nullptr) return "?";
  std::array<char, 32> text{};
  const std::size_t length = strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return std::string(text.data(), length);
}

std::string Count(std::uint64_t number, std::string_view noun) {
  std::string text = std::to_string(number);
  text.append(" ").append(noun);
  if (number != 1) text += 's';
  return text;
}

std::string FormatBytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 4> kUnits = {"kB", "MB", "GB", "TB"};
  if (bytes < 1'000) return Count(bytes, "byte");
  std::uint64_t tenths = bytes / 100;
  std::size_t unit = 0;
  while (tenths >= 10'000 && unit + 1 < kUnits.size()) {
    tenths /= 1'000;
    ++unit;
  }
  std::string text = std::to_string(tenths / 10);
  if (tenths < 100) text.append(".").append(std::to_string(tenths % 10));
  return text.append(" ").append(kUnits.at(unit));
}

}  // namespace telec

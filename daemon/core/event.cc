#include "daemon/core/event.h"

#include <array>
#include <utility>

namespace migrationd::core {
namespace {

template <typename Enum>
struct Names;

template <>
struct Names<Outcome> {
  static constexpr std::array<std::pair<Outcome, std::string_view>, 8> kAll{{
      {Outcome::kApplied, "applied"},
      {Outcome::kAlreadyApplied, "already applied"},
      {Outcome::kRecovered, "recovered"},
      {Outcome::kSkipped, "skipped"},
      {Outcome::kFailed, "failed"},
      {Outcome::kTimedOut, "timed out"},
      {Outcome::kCancelled, "cancelled"},
      {Outcome::kInterrupted, "interrupted"},
  }};
};

template <>
struct Names<RunOutcome> {
  static constexpr std::array<std::pair<RunOutcome, std::string_view>, 4> kAll{{
      {RunOutcome::kSucceeded, "succeeded"},
      {RunOutcome::kFailed, "failed"},
      {RunOutcome::kCancelled, "cancelled"},
      {RunOutcome::kInterrupted, "interrupted"},
  }};
};

template <>
struct Names<RunKind> {
  static constexpr std::array<std::pair<RunKind, std::string_view>, 3> kAll{{
      {RunKind::kRun, "run"},
      {RunKind::kResolve, "resolve"},
      {RunKind::kBaseline, "baseline"},
  }};
};

template <>
struct Names<Phase> {
  static constexpr std::array<std::pair<Phase, std::string_view>, 5> kAll{{
      {Phase::kStart, "start"},
      {Phase::kLoad, "load"},
      {Phase::kCheck, "check"},
      {Phase::kMigrate, "migrate"},
      {Phase::kVerify, "verify"},
  }};
};

template <>
struct Names<OutputStream> {
  static constexpr std::array<std::pair<OutputStream, std::string_view>, 2> kAll{{
      {OutputStream::kStdout, "stdout"},
      {OutputStream::kStderr, "stderr"},
  }};
};

template <>
struct Names<CancelMode> {
  static constexpr std::array<std::pair<CancelMode, std::string_view>, 2> kAll{{
      {CancelMode::kAfterCurrent, "after current"},
      {CancelMode::kNow, "now"},
  }};
};

template <>
struct Names<Resolution> {
  static constexpr std::array<std::pair<Resolution, std::string_view>, 3> kAll{{
      {Resolution::kApplied, "applied"},
      {Resolution::kSkipped, "skipped"},
      {Resolution::kPending, "pending"},
  }};
};

template <typename Enum>
std::string_view Find(Enum value) {
  for (const auto& [candidate, name] : Names<Enum>::kAll) {
    if (candidate == value) return name;
  }
  return "";
}

std::size_t SizeOf(const std::optional<Failure>& failure) {
  if (!failure) return 0;
  return failure->message.size() + failure->traceback.size() + failure->last_output.size();
}

struct FactSize {
  std::size_t operator()(const OutputWritten& fact) const { return fact.text.size(); }
  std::size_t operator()(const ProgressReported& fact) const { return fact.message.size(); }
  std::size_t operator()(const MigrationEnded& fact) const { return SizeOf(fact.failure); }
  std::size_t operator()(const MigrationRechecked& fact) const { return SizeOf(fact.failure); }
  std::size_t operator()(const NoticeGiven& fact) const { return fact.message.size(); }
  std::size_t operator()(const MigrationResolved& fact) const { return fact.reason.size(); }
  std::size_t operator()(const BaselineSet& fact) const { return fact.reason.size(); }
  template <typename Other>
  std::size_t operator()(const Other& /*fact*/) const {
    return 0;
  }
};

}  // namespace

bool MustBeDurable(const Fact& fact) {
  return !std::holds_alternative<OutputWritten>(fact) &&
         !std::holds_alternative<ProgressReported>(fact) &&
         !std::holds_alternative<NoticeGiven>(fact);
}

bool IsTerminal(const Fact& fact) { return std::holds_alternative<RunEnded>(fact); }

std::size_t SizeOf(const Event& event) {
  constexpr std::size_t kEnvelope = 256;
  return kEnvelope + std::visit(FactSize{}, event.fact);
}

std::string_view NameOf(Outcome outcome) { return Find(outcome); }
std::string_view NameOf(RunOutcome outcome) { return Find(outcome); }
std::string_view NameOf(RunKind kind) { return Find(kind); }
std::string_view NameOf(Phase phase) { return Find(phase); }
std::string_view NameOf(OutputStream stream) { return Find(stream); }
std::string_view NameOf(CancelMode mode) { return Find(mode); }
std::string_view NameOf(Resolution resolution) { return Find(resolution); }

template <typename Enum>
std::optional<Enum> FromName(std::string_view name) {
  for (const auto& [value, candidate] : Names<Enum>::kAll) {
    if (candidate == name) return value;
  }
  return std::nullopt;
}

template std::optional<Outcome> FromName(std::string_view name);
template std::optional<RunOutcome> FromName(std::string_view name);
template std::optional<RunKind> FromName(std::string_view name);
template std::optional<Phase> FromName(std::string_view name);
template std::optional<OutputStream> FromName(std::string_view name);
template std::optional<CancelMode> FromName(std::string_view name);
template std::optional<Resolution> FromName(std::string_view name);

}  // namespace migrationd::core

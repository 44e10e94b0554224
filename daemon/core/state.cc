#include "daemon/core/state.h"

#include <array>
#include <charconv>

namespace migrationd::core {
namespace {

bool IsSettled(Outcome outcome) {
  return outcome == Outcome::kApplied || outcome == Outcome::kAlreadyApplied ||
         outcome == Outcome::kRecovered || outcome == Outcome::kSkipped;
}

void Settle(State& state, const std::string& migration_id, Record record) {
  state.records[migration_id] = std::move(record);
  state.in_flight.erase(migration_id);
  if (state.failure && state.failure->migration_id == migration_id) state.failure.reset();
}

/// One function for each fact that the state remembers; the others change nothing.
struct StateFold {
  State& state;
  const RunId& run;
  WallTime time;

  void operator()(const MigrationStarted& fact) const {
    state.in_flight[fact.migration_id] = run.text;
  }

  void operator()(const MigrationEnded& fact) const {
    if (IsSettled(fact.outcome)) {
      Settle(state, fact.migration_id,
             Record{fact.outcome, time, fact.duration, run.text, fact.sha256, ""});
      return;
    }
    // One that was broken off may have had its effect: it stays in flight, and check() settles it.
    // One that failed by itself has been asked already.
    if (fact.outcome == Outcome::kFailed) state.in_flight.erase(fact.migration_id);
    if (fact.outcome == Outcome::kFailed || fact.outcome == Outcome::kTimedOut) {
      state.failure = OpenFailure{fact.migration_id, run.text, fact.outcome, time,
                                  fact.failure.value_or(Failure{})};
    }
  }

  void operator()(const MigrationResolved& fact) const {
    if (fact.resolution == Resolution::kPending) {
      state.records.erase(fact.migration_id);
      state.in_flight.erase(fact.migration_id);
      return;
    }
    const Outcome outcome =
        fact.resolution == Resolution::kSkipped ? Outcome::kSkipped : Outcome::kApplied;
    Settle(state, fact.migration_id,
           Record{outcome, time, std::chrono::microseconds{0}, run.text, fact.sha256, fact.reason});
  }

  void operator()(const BaselineSet& fact) const { state.current_version = fact.version; }

  void operator()(const RunEnded& fact) const {
    if (fact.outcome == RunOutcome::kSucceeded && !fact.current_version.empty()) {
      state.current_version = fact.current_version;
    }
  }

  template <typename Other>
  void operator()(const Other& /*fact*/) const {}
};

struct SummaryFold {
  RunSummary& summary;
  WallTime time;

  void operator()(const RunStarted& fact) const {
    summary.kind = fact.kind;
    summary.request_id = fact.request_id;
    summary.fingerprint = fact.fingerprint;
    summary.by = fact.by;
    summary.from_version = fact.from_version;
    summary.to_version = fact.to_version;
    summary.started_at = time;
    summary.total = fact.total;
  }

  void operator()(const MigrationEnded& fact) const {
    if (fact.outcome == Outcome::kApplied || fact.outcome == Outcome::kRecovered) ++summary.applied;
    if (fact.outcome == Outcome::kAlreadyApplied) ++summary.already_applied;
    if (!IsSettled(fact.outcome)) summary.subject = fact.migration_id;
  }

  void operator()(const MigrationResolved& fact) const {
    summary.subject = fact.migration_id;
    summary.message = fact.reason;
  }

  void operator()(const BaselineSet& fact) const {
    summary.to_version = fact.version;
    summary.message = fact.reason;
  }

  void operator()(const RunEnded& fact) const {
    summary.ended_at = time;
    summary.outcome = fact.outcome;
    summary.current_version = fact.current_version;
    summary.applied = fact.applied;
    summary.already_applied = fact.already_applied;
    if (!fact.message.empty()) summary.message = fact.message;
  }

  template <typename Other>
  void operator()(const Other& /*fact*/) const {}
};

}  // namespace

RunId MakeRunId(std::uint64_t number, std::uint32_t salt) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = std::to_string(number) + "-";
  for (int shift = 28; shift >= 0; shift -= 4) text += kDigits[(salt >> shift) & 0xFU];
  return RunId{number, text};
}

std::optional<RunId> ParseRunId(std::string_view text) {
  RunId id;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.number);
  if (error != std::errc{} || id.number == 0) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  constexpr std::size_t kSaltLength = 9;
  if (!rest.empty() && (rest.size() != kSaltLength || rest[0] != '-' ||
                        rest.find_first_not_of("0123456789abcdef", 1) != std::string_view::npos)) {
    return std::nullopt;
  }
  // "007" is not how a run is called.
  id.text = std::to_string(id.number) + std::string(rest);
  if (id.text != text) return std::nullopt;
  return id;
}

void Apply(State& state, const RunId& run, const Event& event) {
  std::visit(StateFold{state, run, event.time}, event.fact);
  state.position = LogPosition{run.number, event.sequence};
}

void Apply(RunSummary& summary, const Event& event) {
  std::visit(SummaryFold{summary, event.time}, event.fact);
  summary.last_sequence = event.sequence;
}

}  // namespace migrationd::core

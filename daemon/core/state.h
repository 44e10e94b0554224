#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "daemon/core/event.h"

namespace migrationd::core {

/// The name of a run: `<number>-<8 hex digits>`. The number counts the runs of a state from 1 and
/// orders them; the rest keeps runs of different lives of a state apart.
struct RunId {
  std::uint64_t number = 0;
  std::string text;

  bool operator==(const RunId&) const = default;
};

/// Makes the id of run `number`; `salt` is any random number.
RunId MakeRunId(std::uint64_t number, std::uint32_t salt);

/// Reads "12-3f9c2a7e", or a bare number "12" (text is then "12" too). nullopt when it is neither.
std::optional<RunId> ParseRunId(std::string_view text);

/// What the state remembers of one migration that needs no further run.
struct Record {
  Outcome outcome = Outcome::kApplied;  ///< kApplied, kAlreadyApplied, kRecovered or kSkipped.
  WallTime at{0};
  std::chrono::microseconds duration{0};
  std::string run_id;
  std::string sha256;  ///< Empty when it is not known, as in the original's state file.
  std::string reason;  ///< Of a resolution; empty otherwise.

  bool operator==(const Record&) const = default;
};

/// A failure that no later run has passed yet.
struct OpenFailure {
  std::string migration_id;
  std::string run_id;
  Outcome outcome = Outcome::kFailed;
  WallTime at{0};
  Failure failure;

  bool operator==(const OpenFailure&) const = default;
};

/// How far the fold has read: run number and sequence of the last event applied. {0, 0}: nothing.
struct LogPosition {
  std::uint64_t run = 0;
  std::uint64_t sequence = 0;

  auto operator<=>(const LogPosition&) const = default;
};

/// What this host has applied: a fold over the events of all runs, in order.
struct State {
  std::optional<std::string> current_version;  ///< Canonical; absent before the first success.
  std::map<std::string, Record> records;       ///< By migration id.
  std::map<std::string, std::string>
      in_flight;  ///< Migration id -> run id: started, and not known how it ended.
  std::optional<OpenFailure> failure;
  LogPosition position;

  bool operator==(const State&) const = default;
};

/// Folds one event of run `run` into `state`. Total: an event that changes nothing only moves the
/// position. Cost: O(log n) in the number of records.
void Apply(State& state, const RunId& run, const Event& event);

/// One line of the history.
struct RunSummary {
  RunId id;
  RunKind kind = RunKind::kRun;
  std::string request_id;
  std::string fingerprint;
  Requester by;
  std::string from_version;
  std::string to_version;
  WallTime started_at{0};
  std::optional<WallTime> ended_at;   ///< Absent while it goes on.
  std::optional<RunOutcome> outcome;  ///< Absent while it goes on.
  std::uint64_t total = 0;
  std::uint64_t applied = 0;
  std::uint64_t already_applied = 0;
  std::string current_version;  ///< After the run; empty while it goes on.
  std::string subject;  ///< Of a resolution: the migration; of a failure: the one that failed.
  std::string message;  ///< The reason given, or why the run ended early.
  std::uint64_t last_sequence = 0;

  bool operator==(const RunSummary&) const = default;
};

/// Folds one event into the run's summary; the first must be RunStarted.
void Apply(RunSummary& summary, const Event& event);

}  // namespace migrationd::core

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace migrationd::core {

/// Wall-clock time: microseconds since the Unix epoch, UTC. Shown, never compared for order.
using WallTime = std::chrono::microseconds;

/// How a migration ended, and what the state remembers of it.
enum class Outcome {
  kApplied,         ///< migrate() did it, and check() agreed.
  kAlreadyApplied,  ///< check() said so before anything was done.
  kRecovered,       ///< It was in flight when an earlier run broke off, and check() found it done.
  kSkipped,         ///< A person resolved it so.
  kFailed,
  kTimedOut,
  kCancelled,
  kInterrupted,  ///< The daemon went away under it.
};

/// How a run ended.
enum class RunOutcome { kSucceeded, kFailed, kCancelled, kInterrupted };

/// What kind of entry a run log is. Resolutions and baselines are runs of one event.
enum class RunKind { kRun, kResolve, kBaseline };

/// The phase of a script; see migrations/README.md.
enum class Phase { kStart, kLoad, kCheck, kMigrate, kVerify };

enum class OutputStream { kStdout, kStderr };

enum class CancelMode {
  kAfterCurrent,  ///< Let the current migration end, start no other.
  kNow,           ///< TERM to its process tree, a grace, KILL.
};

enum class Resolution { kApplied, kSkipped, kPending };

/// Who asked, by the kernel's word on the socket's peer (SO_PEERCRED).
struct Requester {
  std::uint32_t uid = 0;
  std::uint32_t pid = 0;
  std::string user;  ///< Name of the uid, empty when it has none.

  bool operator==(const Requester&) const = default;
};

/// Why a migration did not end well. What does not apply is empty or absent.
struct Failure {
  Phase phase = Phase::kStart;
  std::string message;         ///< One sentence: what happened.
  std::string exception_type;  ///< "ValueError".
  std::string traceback;       ///< Python's, bounded.
  std::optional<int> exit_code;
  std::optional<int> signal;
  std::string last_output;  ///< The end of what the script printed, bounded.

  bool operator==(const Failure&) const = default;
};

/// How much a migration printed, in bytes, and how much of that is not kept.
struct OutputTotals {
  std::uint64_t bytes = 0;
  std::uint64_t dropped = 0;

  bool operator==(const OutputTotals&) const = default;
};

// ---- The facts. Past tense; each is stored before anyone is told. ----

/// The first event of every run log.
struct RunStarted {
  RunKind kind = RunKind::kRun;
  std::string request_id;   ///< The client's UUID; empty when it gave none.
  std::string fingerprint;  ///< Of what was asked, to tell a retry from another request.
  Requester by;
  std::string from_version;  ///< Canonical.
  std::string to_version;
  std::string plan_digest;
  std::uint64_t total = 0;  ///< Migrations that the run will start, rechecks not counted.
};

struct MigrationStarted {
  std::string migration_id;
  std::string sha256;
  std::string description;
  std::uint64_t position = 0;  ///< 1..total.
};

/// Text that the script wrote: whole lines where it wrote lines. Valid UTF-8.
struct OutputWritten {
  std::string migration_id;
  OutputStream stream = OutputStream::kStdout;
  std::string text;
};

struct ProgressReported {
  std::string migration_id;
  double done = 0;
  double total = 0;  ///< In the script's own unit; 0 when unknown.
  std::string message;
};

struct MigrationEnded {
  std::string migration_id;
  Outcome outcome = Outcome::kApplied;
  std::string sha256;
  std::chrono::microseconds duration{0};
  OutputTotals output;
  std::optional<Failure> failure;  ///< With kFailed, kTimedOut, kCancelled, kInterrupted.
};

/// The answer of a recorded migration's check() in a run with `recheck`.
struct MigrationRechecked {
  std::string migration_id;
  bool effective = true;
  std::optional<Failure> failure;  ///< When check() could not answer.
};

struct CancelRequested {
  CancelMode mode = CancelMode::kAfterCurrent;
  Requester by;
  bool shutdown = false;  ///< The daemon's own stop, nobody's request.
};

/// Something worth a line in the history that changes nothing: processes that had to be killed,
/// say.
struct NoticeGiven {
  std::string migration_id;  ///< Empty when it is about the run.
  std::string message;
};

struct MigrationResolved {
  std::string migration_id;
  Resolution resolution = Resolution::kApplied;
  std::string reason;
  std::string sha256;  ///< Of the script as it is now; empty when the catalogue does not have it.
};

struct BaselineSet {
  std::string version;
  std::string reason;
};

/// The last event of every run log.
struct RunEnded {
  RunOutcome outcome = RunOutcome::kSucceeded;
  std::string current_version;  ///< After the run.
  std::uint64_t applied = 0;    ///< Applied and recovered.
  std::uint64_t already_applied = 0;
  std::string message;  ///< Why it ended early; empty when it did not.
};

using Fact = std::variant<RunStarted, MigrationStarted, OutputWritten, ProgressReported,
                          MigrationEnded, MigrationRechecked, CancelRequested, NoticeGiven,
                          MigrationResolved, BaselineSet, RunEnded>;

/// A numbered fact about a run. Immutable once stored; shared between threads by const pointer.
struct Event {
  std::uint64_t sequence = 0;  ///< 1, 2, 3 … within its run.
  WallTime time{0};
  Fact fact;
};

using EventPtr = std::shared_ptr<const Event>;

/// Facts that must be on the disk before anything goes on; output, progress and notices need not
/// be.
bool MustBeDurable(const Fact& fact);

/// True for RunEnded: nothing follows.
bool IsTerminal(const Fact& fact);

/// The approximate size in memory and on the wire, in bytes; for limits only.
std::size_t SizeOf(const Event& event);

/// Names as the API, the files and the command line have them: "applied", "already applied", "after
/// current" …
std::string_view NameOf(Outcome outcome);
std::string_view NameOf(RunOutcome outcome);
std::string_view NameOf(RunKind kind);
std::string_view NameOf(Phase phase);
std::string_view NameOf(OutputStream stream);
std::string_view NameOf(CancelMode mode);
std::string_view NameOf(Resolution resolution);

/// The value whose NameOf is `name`; nullopt when there is none. For Outcome, RunOutcome, RunKind,
/// Phase, OutputStream, CancelMode and Resolution.
template <typename Enum>
std::optional<Enum> FromName(std::string_view name);

}  // namespace migrationd::core

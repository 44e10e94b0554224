#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "daemon/core/catalogue.h"
#include "daemon/core/event.h"
#include "daemon/core/result.h"
#include "daemon/core/state.h"

/// What the engine needs from the world, in its own words. Implementations live in script/,
/// storage/ and host/; the fakes in tests/fakes/. Everything here is called on the loop thread, and
/// calls back on it.
namespace migrationd::core {

/// Wall-clock time for people. Time-outs use monotonic timers (Executor::After).
class Clock {
 public:
  virtual ~Clock() = default;
  virtual WallTime Now() = 0;
};

/// The loop thread.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Runs `task` on the loop thread, later, in order. From any thread.
  virtual void Post(std::function<void()> task) = 0;
  /// Runs `task` on the loop thread after `delay` of monotonic time, unless the handle died before.
  /// Loop thread only.
  virtual std::shared_ptr<void> After(std::chrono::milliseconds delay,
                                      std::function<void()> task) = 0;
};

/// Reads the migrations directory. Never executes anything.
class CatalogueSource {
 public:
  virtual ~CatalogueSource() = default;
  /// Lists the directory; scripts are hashed (unchanged ones from a cache keyed by inode, size,
  /// mtime, ctime). Error: kCatalogueMissing.
  virtual Result<CatalogueListing> List() = 0;
  /// True when nothing in the directory has changed since the last List(), as far as that can be
  /// told without looking. False when in doubt.
  virtual bool IsUnchanged() = 0;
  /// The bytes of a listed script. Error when they no longer have that hash (kPlanMoved) or can't
  /// be read.
  virtual Result<std::string> ReadScript(const std::string& path, const std::string& sha256) = 0;
  /// SHA-256 of `bytes`, lower-case hex.
  virtual std::string Digest(std::string_view bytes) = 0;
};

/// A script to look at or to run: its bytes are what was hashed.
struct Script {
  std::string path;  ///< For tracebacks.
  std::shared_ptr<const std::string> bytes;
};

struct ScriptJob {
  enum class Purpose {
    kMigrate,  ///< check(); False -> migrate(); True -> check() again.
    kCheck,    ///< check() only.
  };

  std::string migration_id;
  Script script;
  Purpose purpose = Purpose::kMigrate;
  std::string run_id;
  std::string from_version;
  std::string to_version;
  std::optional<std::chrono::seconds> timeout;  ///< Absent: the configured default.
};

/// check() said True at once.
struct ScriptWasApplied {};
/// migrate() and the second check() said True.
struct ScriptApplied {};
/// Purpose kCheck: check() said False.
struct ScriptPending {};
struct ScriptFailed {
  Failure failure;
};
struct ScriptTimedOut {
  Failure failure;
};
/// Ended because of Stop().
struct ScriptStopped {
  Failure failure;
};

/// How a job ended. When it is told, no process of the job is alive any more.
struct ScriptEnd {
  std::variant<ScriptWasApplied, ScriptApplied, ScriptPending, ScriptFailed, ScriptTimedOut,
               ScriptStopped>
      how;
  std::chrono::microseconds duration{0};
  OutputTotals output;
  std::vector<std::string> notices;  ///< E.g. that processes it left behind were killed.
};

/// What a running job says.
class ScriptListener {
 public:
  virtual ~ScriptListener() = default;
  virtual void OnOutput(OutputStream stream, std::string text) = 0;
  virtual void OnProgress(double done, double total, std::string message) = 0;
  /// The last call.
  virtual void OnEnd(ScriptEnd end) = 0;
};

/// Runs scripts, each in a process of its own, one at a time. Never calls back from within a call
/// to it.
class ScriptRunner {
 public:
  virtual ~ScriptRunner() = default;

  using InspectCallback = std::function<void(Result<std::vector<ScriptFacts>>)>;
  /// Parses scripts without executing them; the facts come in the scripts' order. At any time, also
  /// while a job runs. Error: kInterpreterFailed.
  virtual void Inspect(std::vector<Script> scripts, InspectCallback done) = 0;

  /// A hint that scripts will soon be inspected or started: what takes its time is begun. Whether
  /// it works shows when they are.
  virtual void Warm() = 0;

  /// A hint that these scripts will be started soon, in this order, beside the one that is
  /// prepared. Nothing of them is executed. Forgotten by Rest().
  virtual void Compile(std::vector<Script> scripts) = 0;

  /// A hint that `job` will be started next, so that it can be got ready while the current one
  /// runs. Nothing of the script is executed. A later Start of something else simply ignores it.
  virtual void Prepare(const ScriptJob& job) = 0;

  /// Starts `job`, which asks its check() and then waits for Proceed(); `listener` must live until
  /// OnEnd. Requires that no job is running. A missing interpreter and the like end the job with
  /// ScriptFailed in phase kStart.
  virtual void Start(ScriptJob job, ScriptListener& listener) = 0;

  /// Lets the job that was started go on after its check(). Once for each job.
  virtual void Proceed() = 0;

  /// Ends the running job's whole process tree: TERM, the configured grace, KILL. Idempotent.
  virtual void Stop() = 0;

  /// No run is going on: warm processes may be let go after a while.
  virtual void Rest() = 0;
};

/// What the store found when it was opened.
struct StoredState {
  State state;                      ///< Checkpoint and logs folded.
  std::optional<RunId> unfinished;  ///< The last run's log has no RunEnded.
  std::uint64_t last_sequence = 0;  ///< Of the last run's log.
  std::uint64_t last_run = 0;       ///< Highest run number that was ever given; 0: none.
  std::vector<std::string>
      notices;  ///< E.g. "a torn last line was cut off", "the previous generation was used".
};

/// One page of a run's events.
struct EventPage {
  std::vector<EventPtr> events;
  bool complete = false;  ///< The last event is terminal: there will never be more.
};

/// State file, run logs and the lock. Owns durability: what Append acknowledged survives any crash.
class RunStore {
 public:
  virtual ~RunStore() = default;

  /// Takes the lock, reads and folds. Errors: kStateLocked, kStateDamaged, kStorageFailed. After an
  /// error other calls but ListRuns and ReadEvents are refused with the same error.
  virtual Result<StoredState> Open() = 0;

  /// Whether a run could be recorded now: writable, and more room than the reserve. Errors:
  /// kStorageFull, kStorageFailed.
  virtual Status CheckRoom() = 0;

  /// Makes the log of a new run with its first events, durably.
  virtual Status Begin(const RunId& run, std::span<const EventPtr> events) = 0;

  /// Appends to the log of the run that was begun (or found unfinished); with `durable` everything
  /// so far is on the disk when it returns. After an error the log is closed for good: a failed
  /// fsync is never retried.
  virtual Status Append(std::span<const EventPtr> events, bool durable) = 0;

  /// Writes the state file (atomically, durably, previous generation kept).
  virtual Status Checkpoint(const State& state) = 0;

  /// The events after `after`, at most about `max_bytes` of them but at least one if there is one.
  /// Errors: kRunNotFound, kPositionUnknown, kStateDamaged, kStorageFailed.
  virtual Result<EventPage> ReadEvents(const RunId& run, std::uint64_t after,
                                       std::size_t max_bytes) = 0;

  /// Newest first, at most `limit` runs below run number `before` (0: from the newest).
  virtual Result<std::vector<RunSummary>> ListRuns(std::uint64_t before, std::size_t limit) = 0;

  /// The run with that request id, if it is among those kept.
  virtual std::optional<RunSummary> FindRequest(const std::string& request_id) = 0;

  /// Completes a run id that was given as a bare number. Error: kRunNotFound.
  virtual Result<RunId> FindRun(const RunId& run) = 0;

  /// Removes the oldest run logs beyond the configured count, age and size; never one that the
  /// state file or its previous generation still needs. Returns how many.
  virtual std::size_t Prune(WallTime now) = 0;
};

/// Makes sure that no script process of an earlier life of the daemon is alive.
class SurvivorGuard {
 public:
  virtual ~SurvivorGuard() = default;
  /// Kills what is left and waits for its end; `done` gets one sentence for each that had to be
  /// killed. Error: kSurvivors, naming those that do not end.
  virtual void EndSurvivors(std::function<void(Result<std::vector<std::string>>)> done) = 0;
};

}  // namespace migrationd::core

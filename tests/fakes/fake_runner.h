#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "daemon/core/ports.h"

namespace migrationd::fakes {

/// How one script behaves; told as a sentence: runner.On(id).Prints("half
/// way\n").FailsIn(Phase::kMigrate, "no such table"). Without a word about its end a script
/// applies.
class ScriptBehaviour {
 public:
  ScriptBehaviour& Prints(std::string text,
                          core::OutputStream stream = core::OutputStream::kStdout);
  ScriptBehaviour& Reports(double done, double total, std::string message = "");
  ScriptBehaviour& LeavesBehind(std::string notice);
  ScriptBehaviour& LosesOutput(std::uint64_t bytes);

  /// Its check() says False, its migrate() True, its check() True from then on.
  ScriptBehaviour& Applies();
  /// Its check() says True although nobody ran it here.
  ScriptBehaviour& WasApplied();
  ScriptBehaviour& FailsIn(core::Phase phase, std::string message);
  ScriptBehaviour& TimesOut();
  /// It goes on until it is stopped, or the test ends it.
  ScriptBehaviour& HangsUntilStopped();

 private:
  friend class FakeRunner;

  struct Output {
    core::OutputStream stream;
    std::string text;
  };
  struct Progress {
    double done;
    double total;
    std::string message;
  };
  struct Applying {};
  struct Hanging {};
  using Ending = std::variant<Applying, Hanging, core::ScriptFailed, core::ScriptTimedOut>;

  std::vector<std::variant<Output, Progress>> says_;
  std::vector<std::string> notices_;
  core::OutputTotals totals_;
  bool was_applied_ = false;
  Ending ending_;
};

/// Scripts that do what a test describes, in a world that remembers which effects are there. Calls
/// back by the executor. Loop thread only.
class FakeRunner final : public core::ScriptRunner {
 public:
  explicit FakeRunner(core::Executor& executor) : executor_(executor) {}

  /// Begins the description of a script anew, by migration id.
  ScriptBehaviour& On(const std::string& migration_id);
  /// What a static parse of the script at "v1.1.0/001_a.py" says.
  void Parses(const std::string& path, core::ScriptFacts facts);
  /// The interpreter is missing: nothing can be parsed, until it is Back.
  void LoseInterpreter() { interpreter_lost_ = true; }
  void FindInterpreter() { interpreter_lost_ = false; }
  /// Somebody undid the script's effect, or brought it about by hand.
  void UndoEffect(const std::string& migration_id) { effects_.erase(migration_id); }
  void HaveEffect(const std::string& migration_id) { effects_.insert(migration_id); }
  bool HasEffect(const std::string& migration_id) const { return effects_.contains(migration_id); }

  // The script that hangs, in the test's hands.
  void Print(std::string text);
  void Report(double done, double total, std::string message = "");
  /// It ends as applied.
  void Finish();
  void EndWith(core::ScriptEnd end);
  /// The daemon is gone, and the scripts with it.
  void Crash();

  /// Migration id of the script that runs; empty: none.
  const std::string& running() const { return running_; }
  /// Every job that was ever started, in order.
  const std::vector<core::ScriptJob>& started() const { return started_; }
  /// Of those that were let go on after their check().
  const std::vector<std::string>& StartedIds() const { return proceeded_; }
  const std::vector<std::string>& prepared() const { return prepared_; }
  /// Paths.
  const std::vector<std::string>& compiled() const { return compiled_; }
  /// Paths that were parsed, in order.
  const std::vector<std::string>& inspected() const { return inspected_; }
  int warmed() const { return warmed_; }
  int stops() const { return stops_; }
  int rests() const { return rests_; }

  void Inspect(std::vector<core::Script> scripts, InspectCallback done) override;
  void Warm() override { ++warmed_; }
  void Compile(std::vector<core::Script> scripts) override;
  void Prepare(const core::ScriptJob& job) override;
  void Start(core::ScriptJob job, core::ScriptListener& listener) override;
  void Proceed() override;
  void Stop() override;
  void Rest() override { ++rests_; }

 private:
  void Play();
  /// Calls back in the turn after, unless that life of the script is over by then.
  void Later(std::function<void()> step);

  core::Executor& executor_;
  std::map<std::string, ScriptBehaviour> behaviours_;
  std::map<std::string, core::ScriptFacts> facts_;
  std::set<std::string> effects_;
  bool interpreter_lost_ = false;

  std::string running_;
  core::ScriptListener* listener_ = nullptr;
  std::shared_ptr<const int> life_;  ///< Of the job that runs.

  std::vector<core::ScriptJob> started_;
  std::vector<std::string> proceeded_;
  std::vector<std::string> prepared_;
  std::vector<std::string> compiled_;
  std::vector<std::string> inspected_;
  int warmed_ = 0;
  int stops_ = 0;
  int rests_ = 0;
};

}  // namespace migrationd::fakes

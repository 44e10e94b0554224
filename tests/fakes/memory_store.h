#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/core/ports.h"

namespace migrationd::fakes {

/// Run logs in memory. Like the real store it folds them when it is opened, outlives the engine
/// that wrote them, and closes for good when a write fails, until it is opened again. One thread
/// only.
class MemoryStore final : public core::RunStore {
 public:
  /// The daemon is gone: what was not made durable is gone, too, and the store is closed.
  void Crash();
  /// The next Begin or Append fails. `written`: its events reached the disk all the same.
  void FailNextWrite(core::Error error, bool written = false);
  void FailNextCheckpoint(core::Error error) { checkpoint_error_ = std::move(error); }
  /// Open fails, until Mend.
  void Damage(core::Error error) { open_error_ = std::move(error); }
  void Mend() { open_error_.reset(); }
  /// CheckRoom fails after `checks` more times, until MakeRoom.
  void FillUp(int checks = 0) { room_ = checks; }
  void MakeRoom() { room_.reset(); }
  /// History keeps so many runs.
  void KeepRuns(std::size_t runs) { kept_runs_ = runs; }
  void Notice(std::string notice) { notices_.push_back(std::move(notice)); }

  /// The events of a run as they are stored; empty when there is no such run.
  std::vector<core::EventPtr> EventsOf(const core::RunId& run) const;
  std::size_t runs() const { return logs_.size(); }
  /// The state that was last written as a checkpoint.
  const std::optional<core::State>& checkpoint() const { return checkpoint_; }
  int checkpoints() const { return checkpoints_; }
  int opens() const { return opens_; }
  /// How often events were read.
  int reads() const { return reads_; }
  /// Appends that had to be durable, Begin included.
  int durable_writes() const { return durable_writes_; }

  core::Result<core::StoredState> Open() override;
  core::Status CheckRoom() override;
  core::Status Begin(const core::RunId& run, std::span<const core::EventPtr> events) override;
  core::Status Append(std::span<const core::EventPtr> events, bool durable) override;
  core::Status Checkpoint(const core::State& state) override;
  core::Result<core::EventPage> ReadEvents(const core::RunId& run, std::uint64_t after,
                                           std::size_t max_bytes) override;
  core::Result<std::vector<core::RunSummary>> ListRuns(std::uint64_t before,
                                                       std::size_t limit) override;
  std::optional<core::RunSummary> FindRequest(const std::string& request_id) override;
  core::Result<core::RunId> FindRun(const core::RunId& run) override;
  std::size_t Prune(core::WallTime now) override;

 private:
  struct Log {
    core::RunId run;
    std::vector<core::EventPtr> events;
    std::size_t durable = 0;  ///< So many of them outlive a crash.
  };

  core::Status Write(std::span<const core::EventPtr> events, bool durable);
  static core::RunSummary SummaryOf(const Log& log);
  const Log* Find(const core::RunId& run) const;

  std::vector<Log> logs_;  ///< Oldest first.
  core::State forgotten_;  ///< What the logs that were pruned came to.
  bool open_ = false;
  std::optional<core::Error> closed_by_;
  std::optional<core::Error> write_error_;
  bool error_after_writing_ = false;
  std::optional<core::Error> checkpoint_error_;
  std::optional<core::Error> open_error_;
  std::optional<int> room_;
  std::size_t kept_runs_ = 1000;
  std::vector<std::string> notices_;
  std::optional<core::State> checkpoint_;
  int checkpoints_ = 0;
  int opens_ = 0;
  int reads_ = 0;
  int durable_writes_ = 0;
};

/// What a disk says.
core::Error DiskFull();
core::Error DiskBroken();

}  // namespace migrationd::fakes

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/ports.h"
#include "daemon/storage/files.h"
#include "daemon/storage/fold.h"
#include "daemon/storage/reserve.h"
#include "daemon/storage/retention.h"
#include "daemon/storage/run_history.h"
#include "daemon/storage/run_log.h"
#include "daemon/storage/state_file.h"
#include "daemon/storage/state_lock.h"

namespace migrationd::storage {

struct StoreOptions {
  std::string state_file;  ///< Everything else lies beside it; missing folders are made.
  /// CheckRoom refuses below this much room in the state's file system.
  std::uint64_t min_free_bytes = std::uint64_t{16} << 20U;
  /// Set aside in a file of its own, for writing down how a run ended that met a full disk. 0:
  /// nothing.
  std::uint64_t reserve_bytes = std::uint64_t{1} << 20U;
  StoreLimits limits;
  /// Of a state file, about so much is made at once: as a whole it may be larger than all else that
  /// is kept in memory.
  std::size_t piece_bytes = std::size_t{64} << 10U;
};

/// State file, run logs, lock and reserve on a file system; docs/reference/state-files.md describes
/// the files. Loop thread only.
///
/// After an error that leaves open what is on the disk (a failed sync, a failed write to the log)
/// every call that writes is refused with that error until Open has read everything again.
class StateStore : public core::RunStore {
 public:
  /// `files` must outlive the store. Touches nothing until Open.
  StateStore(StoreOptions options, Files& files);

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
  core::Result<Folded> Read();
  core::Result<core::StoredState> Settle(Folded folded);
  core::Status SettleLastLog(Folded& folded);
  core::Status SyncDirectories(bool is_fresh);
  /// Refuses all further writing with `error`.
  core::Error Seal(core::Error error);
  void Noted(std::span<const core::EventPtr> events);

  StoreOptions options_;
  Files& files_;
  std::string runs_directory_;
  StateLock lock_;
  Reserve reserve_;
  StateFile state_file_;
  RunHistory history_;

  std::optional<core::Error> refusal_;  // Why nothing may be written.
  std::optional<RunLog> log_;           // Of a run that goes on.
  RunHistory::Active active_;           // The newest run written in this life.
  std::uint64_t last_run_ = 0;
  std::uint64_t imported_ = 0;
  core::LogPosition end_;  // The newest event stored.
};

}  // namespace migrationd::storage

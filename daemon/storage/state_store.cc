#include "daemon/storage/state_store.h"

#include <filesystem>
#include <system_error>

#include "daemon/storage/disk.h"
#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

std::string Absolute(const std::string& path) {
  std::error_code ignored;
  std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  return ignored ? path : absolute.lexically_normal().string();
}

StoreOptions WithAbsolutePath(StoreOptions options) {
  options.state_file = Absolute(options.state_file);
  return options;
}

core::Error Internal(std::string message) {
  return core::Error{core::Reason::kInternal, std::move(message), ""};
}

}  // namespace

StateStore::StateStore(StoreOptions options, Files& files)
    : options_(WithAbsolutePath(std::move(options))),
      files_(files),
      runs_directory_(options_.state_file + ".runs"),
      lock_(files, options_.state_file + ".lock"),
      reserve_(files, options_.state_file + ".reserve", options_.reserve_bytes),
      state_file_(files, options_.state_file, options_.piece_bytes, reserve_),
      history_(files, runs_directory_),
      refusal_(Internal("the state has not been opened")) {}

core::Error StateStore::Seal(core::Error error) {
  log_.reset();
  refusal_ = error;
  return error;
}

core::Status StateStore::SyncDirectories(bool is_fresh) {
  const std::string directory = ParentOf(options_.state_file);
  int error = SyncDirectory(files_, runs_directory_);
  if (error != 0) return StorageError(error, "sync", runs_directory_);
  // What has been stored before proves that the folders above are durable.
  error = is_fresh ? SyncAncestry(files_, directory) : SyncDirectory(files_, directory);
  return error == 0 ? core::Ok() : StorageError(error, "sync", directory);
}

core::Result<core::StoredState> StateStore::Open() {
  log_.reset();
  active_ = {};
  core::Result<Folded> folded = Read();
  if (!folded.ok()) return Seal(folded.error());
  core::Result<core::StoredState> stored = Settle(std::move(*folded));
  if (!stored.ok()) return Seal(stored.error());
  refusal_.reset();
  active_.others_ended = true;
  return stored;
}

core::Result<Folded> StateStore::Read() {
  const std::string directory = ParentOf(options_.state_file);
  if (const int error = MakeDirectories(files_, directory); error != 0) {
    return StorageError(error, "make the folder", directory);
  }
  if (core::Status status = lock_.Take(); !status.ok()) return status.error();
  const core::Result<LoadedState> loaded = state_file_.Load();
  if (!loaded.ok()) return loaded.error();
  const core::Result<std::vector<LogName>> logs = ListLogs(files_, runs_directory_);
  if (!logs.ok()) return logs.error();
  return Fold(files_, *loaded, *logs);
}

core::Status StateStore::SettleLastLog(Folded& folded) {
  if (!folded.last_log) return core::Ok();
  const LogName& name = *folded.last_log;
  history_.Forget(name.run.number);
  if (folded.last_scan.last_sequence == 0) {
    folded.notices.push_back("run log '" + name.path + "' was removed: its run had never begun");
    const int error = Remove(files_, name.path);
    return error == 0 ? core::Ok() : StorageError(error, "remove", name.path);
  }
  core::Result<RunLog> log = RunLog::Resume(files_, name.path, reserve_, folded.last_scan);
  if (!log.ok()) return log.error();
  if (log->ended()) return core::Ok();
  active_.bytes = log->size();
  active_.summary = std::move(folded.last_summary);
  log_.emplace(std::move(*log));
  return core::Ok();
}

/// Makes what has been read durable: it may be in the page cache only, and people are going to be
/// told.
core::Result<core::StoredState> StateStore::Settle(Folded folded) {
  if (const int error = MakeDirectories(files_, runs_directory_); error != 0) {
    return StorageError(error, "make the folder", runs_directory_);
  }
  if (core::Status status = SettleLastLog(folded); !status.ok()) return status.error();
  const std::string leftover = options_.state_file + ".tmp";
  if (const int error = Remove(files_, leftover); error != 0) {
    return StorageError(error, "remove", leftover);
  }
  if (core::Status status = SyncDirectories(folded.is_fresh); !status.ok()) return status.error();

  last_run_ = folded.previous_run;
  imported_ = folded.imported;
  end_ = {last_run_, folded.last_sequence};
  core::StoredState stored;
  if (log_) stored.unfinished = folded.last_log->run;
  stored.last_sequence = folded.last_sequence;
  stored.last_run = last_run_;
  stored.state = std::move(folded.state);
  stored.notices = std::move(folded.notices);
  return stored;
}

core::Status StateStore::CheckRoom() {
  if (refusal_) return *refusal_;
  const std::string directory = ParentOf(options_.state_file);
  const Io<Room> room = RoomAt(files_, directory);
  if (!room.ok()) return StorageError(room.error, "look at the room in", directory);
  if (room.value.read_only) return StorageError(EROFS, "write in", directory);
  if (room.value.free_bytes < options_.min_free_bytes) {
    return core::Error{core::Reason::kStorageFull,
                       "there is too little room for recording a run in '" + directory +
                           "': " + std::to_string(room.value.free_bytes) + " bytes are free, " +
                           std::to_string(options_.min_free_bytes) + " are wanted",
                       "Free some room on that file system, then run again."};
  }
  if (const int error = reserve_.Ensure(); error != 0) {
    return StorageError(error, "set room aside in", options_.state_file + ".reserve");
  }
  return core::Ok();
}

void StateStore::Noted(std::span<const core::EventPtr> events) {
  for (const core::EventPtr& event : events) core::Apply(active_.summary, *event);
  active_.bytes = log_->size();
  end_.sequence = log_->last_sequence();
  if (log_->ended()) log_.reset();
}

core::Status StateStore::Begin(const core::RunId& run, std::span<const core::EventPtr> events) {
  if (refusal_) return *refusal_;
  if (log_) return Internal("run " + run.text + " was to begin before the one before it had ended");
  if (run.number <= last_run_ || events.empty() ||
      !std::holds_alternative<core::RunStarted>(events.front()->fact)) {
    return Internal("run " + run.text + " cannot begin: its number or first event is wrong");
  }
  const std::string path = runs_directory_ + "/" + LogFileName(run);
  const LogHeader header{run.text, last_run_, last_run_ == 0 ? imported_ : 0};
  core::Result<RunLog> log = RunLog::Create(files_, path, reserve_, header, events);
  if (!log.ok()) {
    // Without room, and with the traces gone, nothing has happened; a failed sync is another
    // matter.
    const bool is_clean = log.error().reason == core::Reason::kStorageFull &&
                          Remove(files_, path) == 0 && SyncDirectory(files_, runs_directory_) == 0;
    return is_clean ? log.error() : Seal(log.error());
  }
  log_.emplace(std::move(*log));
  history_.Forget(run.number);
  last_run_ = run.number;
  end_.run = run.number;
  active_.summary = {};
  active_.summary.id = run;
  Noted(events);
  return core::Ok();
}

core::Status StateStore::Append(std::span<const core::EventPtr> events, bool durable) {
  if (refusal_) return *refusal_;
  if (!log_) return Internal("an event was to be stored, and no run goes on");
  if (core::Status status = log_->Append(events, durable); !status.ok())
    return Seal(status.error());
  Noted(events);
  return core::Ok();
}

core::Status StateStore::Checkpoint(const core::State& state) {
  if (refusal_) return *refusal_;
  // The position vouches for every event up to it.
  if (log_) {
    if (core::Status status = log_->Append({}, true); !status.ok()) return Seal(status.error());
  }
  const bool run_ended = !log_ && state.position == end_;
  if (std::optional<StateFile::SaveError> failed = state_file_.Save(state, run_ended)) {
    return failed->torn ? Seal(failed->error) : failed->error;
  }
  return core::Ok();
}

core::Result<core::EventPage> StateStore::ReadEvents(const core::RunId& run, std::uint64_t after,
                                                     std::size_t max_bytes) {
  return history_.ReadEvents(run, after, max_bytes, active_);
}

core::Result<std::vector<core::RunSummary>> StateStore::ListRuns(std::uint64_t before,
                                                                 std::size_t limit) {
  return history_.ListRuns(before, limit, active_);
}

std::optional<core::RunSummary> StateStore::FindRequest(const std::string& request_id) {
  return history_.FindRequest(request_id, active_);
}

core::Result<core::RunId> StateStore::FindRun(const core::RunId& run) {
  return history_.FindRun(run);
}

std::size_t StateStore::Prune(core::WallTime now) {
  if (refusal_) return 0;
  const core::Result<std::vector<LogName>> logs = ListLogs(files_, runs_directory_);
  if (!logs.ok()) return 0;
  std::vector<KeptLog> kept;
  kept.reserve(logs->size());
  for (const LogName& log : *logs) kept.push_back(history_.Kept(log, active_, now));
  // What is needed may have to be read from a large file: only when something would go without it.
  if (CountToPrune(kept, options_.limits, last_run_, now) == 0) return 0;
  const std::optional<std::uint64_t> first_needed = state_file_.FirstRunNeeded();
  if (!first_needed) return 0;
  std::size_t removed = 0;
  for (const std::size_t count = CountToPrune(kept, options_.limits, *first_needed, now);
       removed < count; ++removed) {
    // Not synced: a log that comes back with the power does no harm.
    if (Remove(files_, (*logs)[removed].path) != 0) break;
    history_.Forget((*logs)[removed].run.number);
  }
  return removed;
}

}  // namespace migrationd::storage

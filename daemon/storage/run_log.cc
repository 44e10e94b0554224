#include "daemon/storage/run_log.h"

#include <algorithm>

#include "daemon/storage/storage_error.h"

namespace migrationd::storage {

core::Result<RunLog> RunLog::Create(Files& files, const std::string& path, Reserve& reserve,
                                    const LogHeader& header,
                                    std::span<const core::EventPtr> events) {
  Io<OpenFile> file = storage::Create(files, path);
  if (!file.ok()) return StorageError(file.error, "make the run log", path);
  RunLog log(std::move(file.value), path, reserve);
  core::Status status = log.Write(events, &header);
  if (status.ok()) status = log.Sync();
  if (status.ok()) {
    const std::string directory = ParentOf(path);
    if (const int error = SyncDirectory(files, directory); error != 0) {
      status = StorageError(error, "sync", directory);
    }
  }
  if (!status.ok()) {
    Remove(files, path);
    return status.error();
  }
  return log;
}

core::Result<RunLog> RunLog::Resume(Files& files, const std::string& path, Reserve& reserve,
                                    const LogScan& scan) {
  Io<OpenFile> file = OpenToWrite(files, path);
  if (!file.ok()) return StorageError(file.error, "open the run log", path);
  RunLog log(std::move(file.value), path, reserve);
  if (core::Status status = log.Settle(scan); !status.ok()) return status.error();
  return log;
}

core::Status RunLog::Settle(const LogScan& scan) {
  if (scan.file_bytes > scan.valid_bytes) {
    if (const int error = file_.Truncate(scan.valid_bytes); error != 0) {
      return StorageError(error, "cut the torn end off the run log", path_);
    }
  }
  constexpr std::uint64_t kPiece = std::uint64_t{1} << 20U;
  for (std::uint64_t at = scan.synced_bytes; at < scan.valid_bytes; at += kPiece) {
    const auto size = static_cast<std::size_t>(std::min(kPiece, scan.valid_bytes - at));
    const Io<std::string> piece = file_.Read(at, size);
    if (!piece.ok()) return StorageError(piece.error, "read the run log", path_);
    if (const int error = file_.Write(piece.value, at); error != 0) {
      return StorageError(error, "write the run log", path_);
    }
  }
  size_ = scan.valid_bytes;
  last_sequence_ = scan.last_sequence;
  ended_ = scan.ended;
  return Sync();
}

core::Result<std::string> RunLog::Encode(std::span<const core::EventPtr> events,
                                         const LogHeader* header) const {
  std::string lines;
  std::uint64_t expected = last_sequence_;
  for (const core::EventPtr& event : events) {
    if (event->sequence != ++expected) {
      return core::Error{core::Reason::kInternal,
                         "event " + std::to_string(event->sequence) + " was to be stored in '" +
                             path_ + "' where event " + std::to_string(expected) + " belongs",
                         ""};
    }
    const std::string line = EncodeLine(*event, synced_, event->sequence == 1 ? header : nullptr);
    if (line.size() > kMaxLineBytes) {
      return core::Error{
          core::Reason::kInternal,
          "event " + std::to_string(expected) + " is too long for the run log '" + path_ + "'", ""};
    }
    lines += line;
  }
  return lines;
}

core::Status RunLog::Write(std::span<const core::EventPtr> events, const LogHeader* header) {
  if (events.empty()) return core::Ok();
  const core::Result<std::string> lines = Encode(events, header);
  if (!lines.ok()) return lines.error();
  int error = file_.Write(*lines, size_);
  if (IsFull(error) && reserve_->Release()) error = file_.Write(*lines, size_);
  if (error != 0) {
    // Only tidiness: what is left there fails its checksum or was never acknowledged.
    static_cast<void>(file_.Truncate(size_));
    return StorageError(error, "write the run log", path_);
  }
  size_ += lines->size();
  last_sequence_ = events.back()->sequence;
  ended_ = core::IsTerminal(events.back()->fact);
  return core::Ok();
}

core::Status RunLog::Sync() {
  if (synced_ == last_sequence_) return core::Ok();
  if (const int error = file_.SyncData(); error != 0) {
    return StorageError(error, "sync the run log", path_);
  }
  synced_ = last_sequence_;
  return core::Ok();
}

core::Status RunLog::Append(std::span<const core::EventPtr> events, bool durable) {
  if (core::Status status = Write(events, nullptr); !status.ok()) return status;
  return durable || ended_ ? Sync() : core::Ok();
}

}  // namespace migrationd::storage

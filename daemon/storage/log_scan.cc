#include "daemon/storage/log_scan.h"

#include <deque>
#include <utility>

#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

using Step = LineCursor::Step;

/// In a text within a line its quotes have backslashes.
constexpr std::string_view kLineStart = "{\"sequence\":";

/// Ends of lines of which nothing has been said yet.
class SyncedPrefix {
 public:
  void Add(const Frame& frame, std::uint64_t end_offset) {
    while (!open_.empty() && open_.front().first <= frame.synced) {
      bytes_ = open_.front().second;
      open_.pop_front();
    }
    open_.emplace_back(frame.sequence, end_offset);
  }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  std::deque<std::pair<std::uint64_t, std::uint64_t>> open_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

bool IsAcknowledged(LineCursor& cursor, std::uint64_t sequence) {
  const auto vouches = [sequence](std::string_view line) {
    const std::optional<Frame> frame = ParseFrame(line);
    return frame && frame->synced >= sequence;
  };
  const std::string_view damaged = cursor.line();
  for (std::size_t at = damaged.find(kLineStart, 1); at != std::string_view::npos;
       at = damaged.find(kLineStart, at + 1)) {
    if (vouches(damaged.substr(at))) return true;
  }
  while (cursor.Next() == Step::kLine) {
    if (vouches(cursor.line())) return true;
  }
  return false;
}

core::Result<LogScan> ScanLog(const OpenFile& file, const std::string& path,
                              const FrameVisitor& visit) {
  const Io<std::uint64_t> size = file.Size();
  if (!size.ok()) return StorageError(size.error, "read", path);
  LogScan scan;
  scan.file_bytes = size.value;
  SyncedPrefix synced;
  LineCursor cursor(file, 0, size.value);
  Step step = cursor.Next();
  for (; step == Step::kLine; step = cursor.Next()) {
    const std::optional<Frame> frame = ParseFrame(cursor.line());
    if (!frame || frame->sequence != scan.last_sequence + 1) break;
    if (frame->sequence == 1) scan.header = ReadHeader(*frame);
    if (core::Status status = visit(*frame); !status.ok()) return status.error();
    scan.last_sequence = frame->sequence;
    scan.ended = frame->IsTerminal();
    scan.valid_bytes = cursor.end_offset();
    synced.Add(*frame, cursor.end_offset());
  }
  scan.synced_bytes = synced.bytes();
  if (step == Step::kLine || step == Step::kUnended) {
    const std::uint64_t sequence = scan.last_sequence + 1;
    scan.damage = LogDamage{sequence, IsAcknowledged(cursor, sequence)};
  }
  if (cursor.error() != 0) return StorageError(cursor.error(), "read", path);
  return scan;
}

core::Error LogDamagedError(const std::string& path, std::uint64_t sequence) {
  return core::Error{
      core::Reason::kStateDamaged,
      "run log '" + path + "' is damaged at event " + std::to_string(sequence) +
          ": the line fails its checksum, and it had been stored completely",
      "Restore that file from a backup; docs/reference/state-files.md says what else "
      "can be done."};
}

}  // namespace migrationd::storage

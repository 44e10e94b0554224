#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "daemon/core/result.h"
#include "daemon/storage/disk.h"
#include "daemon/storage/line_cursor.h"
#include "daemon/storage/log_frame.h"

namespace migrationd::storage {

/// Where a log stops to make sense.
struct LogDamage {
  std::uint64_t sequence = 0;  ///< Of the first event that cannot be read.
  bool acknowledged =
      false;  ///< A later line proves that it had been on the disk: it is no torn end.
};

/// A log read from one end to the other.
struct LogScan {
  std::optional<LogHeader> header;
  std::uint64_t last_sequence = 0;  ///< Of the valid beginning; 0: there is none.
  bool ended = false;               ///< Its last event is terminal.
  std::uint64_t valid_bytes = 0;    ///< Length of the valid beginning.
  std::uint64_t synced_bytes = 0;   ///< How much of that a later line says was on the disk.
  std::uint64_t file_bytes = 0;
  std::optional<LogDamage> damage;
};

/// Called with each valid line, in order; an error ends the scan.
using FrameVisitor = std::function<core::Status(const Frame&)>;

/// Reads the longest valid beginning of a log: lines with the right checksum, numbered from 1.
/// Errors: kStorageFailed, and what `visit` gave.
core::Result<LogScan> ScanLog(const OpenFile& file, const std::string& path,
                              const FrameVisitor& visit);

/// Whether a valid line says that event `sequence` had been on the disk: one behind the line that
/// the cursor is at, or one that runs into it because the line feed between them is damaged.
bool IsAcknowledged(LineCursor& cursor, std::uint64_t sequence);

/// "run log '<path>' is damaged at event N …", kStateDamaged with what to do.
core::Error LogDamagedError(const std::string& path, std::uint64_t sequence);

}  // namespace migrationd::storage

#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "daemon/core/event.h"
#include "daemon/core/result.h"
#include "daemon/storage/disk.h"
#include "daemon/storage/log_scan.h"
#include "daemon/storage/reserve.h"

namespace migrationd::storage {

/// The log that is written. After any error it must be dropped.
class RunLog {
 public:
  /// Makes the log with its first events and makes it durable, its name too. What is left of a log
  /// that could not be made is removed, as far as that works.
  static core::Result<RunLog> Create(Files& files, const std::string& path, Reserve& reserve,
                                     const LogHeader& header,
                                     std::span<const core::EventPtr> events);

  /// Goes on with the log that `scan` describes: cuts off what is not valid, writes what no sync
  /// vouches for once more, and syncs. (After a sync that failed, the kernel takes the lost pages
  /// for clean: what is read from them need not be on the disk, and only writing it again makes
  /// sure.)
  static core::Result<RunLog> Resume(Files& files, const std::string& path, Reserve& reserve,
                                     const LogScan& scan);

  /// Writes the events with one write; with `durable`, and after a terminal event, everything so
  /// far is on the disk when it returns. Where the disk is full, the reserve is used up.
  core::Status Append(std::span<const core::EventPtr> events, bool durable);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Length in bytes, of whole lines.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint64_t last_sequence() const { return last_sequence_; }
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  RunLog(OpenFile file, std::string path, Reserve& reserve)
      : file_(std::move(file)), path_(std::move(path)), reserve_(&reserve) {}

  core::Result<std::string> Encode(std::span<const core::EventPtr> events,
                                   const LogHeader* header) const;
  core::Status Write(std::span<const core::EventPtr> events, const LogHeader* header);
  core::Status Sync();
  core::Status Settle(const LogScan& scan);

  OpenFile file_;
  std::string path_;
  Reserve* reserve_;
  std::uint64_t size_ = 0;
  std::uint64_t last_sequence_ = 0;
  std::uint64_t synced_ = 0;  // Highest sequence that is on the disk.
  bool ended_ = false;
};

}  // namespace migrationd::storage

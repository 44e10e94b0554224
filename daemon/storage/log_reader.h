#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/core/ports.h"
#include "daemon/storage/files.h"

namespace migrationd::storage {

/// Reads pages of one run log, finished or still growing. Remembers where every 64 kB of it begin
/// and where the last page ended, so a page costs its own length wherever it lies.
class LogReader {
 public:
  LogReader(Files& files, std::string path) : files_(files), path_(std::move(path)) {}

  /// The events after `after` within the first `limit` bytes of the file, about `max_bytes` of them
  /// but at least one if there is one. Errors: kPositionUnknown, kStateDamaged, kStorageFailed.
  core::Result<core::EventPage> Read(std::uint64_t after, std::size_t max_bytes,
                                     std::uint64_t limit);

 private:
  /// The place behind an event.
  struct Mark {
    std::uint64_t sequence = 0;
    std::uint64_t offset = 0;
    bool terminal = false;
  };

  [[nodiscard]] Mark NearestMark(std::uint64_t after) const;
  void Remember(const Mark& mark);

  Files& files_;
  std::string path_;
  std::vector<Mark> marks_{Mark{}};  // Ascending.
  Mark last_page_end_;
};

}  // namespace migrationd::storage

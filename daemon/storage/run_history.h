#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/ports.h"
#include "daemon/storage/log_reader.h"
#include "daemon/storage/retention.h"
#include "daemon/storage/run_directory.h"

namespace migrationd::storage {

/// The runs of the past, read from their logs when somebody asks. What has been read of finished
/// runs is kept: a summary costs two small reads, once.
class RunHistory {
 public:
  RunHistory(Files& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}

  /// The newest log that was written in this life, if any: what is known of it without reading, and
  /// how much of its file counts, whatever else lies there.
  struct Active {
    core::RunSummary summary;
    std::uint64_t bytes = 0;
    bool others_ended = false;  ///< Nobody else writes here: a log without an end has lost it.
  };

  /// As core::RunStore has them.
  core::Result<core::EventPage> ReadEvents(const core::RunId& run, std::uint64_t after,
                                           std::size_t max_bytes, const Active& active);
  core::Result<std::vector<core::RunSummary>> ListRuns(std::uint64_t before, std::size_t limit,
                                                       const Active& active);
  std::optional<core::RunSummary> FindRequest(const std::string& request_id, const Active& active);
  core::Result<core::RunId> FindRun(const core::RunId& run);

  /// For the limits; what cannot be told counts as nothing, from just now.
  KeptLog Kept(const LogName& log, const Active& active, core::WallTime now);

  /// A log has been added, cut or removed.
  void Forget(std::uint64_t run);

 private:
  core::Result<LogName> Find(const core::RunId& run);
  /// A run as its log tells it, and the log's size in bytes.
  struct Known {
    core::RunSummary summary;
    std::uint64_t bytes = 0;
  };
  /// Never fails: of a log that cannot be read the message says so.
  Known Look(const LogName& log, const Active& active);
  core::Status Summarize(const LogName& log, Known& known);

  Files& files_;
  std::string directory_;
  std::map<std::uint64_t, Known> finished_;
  std::map<std::uint64_t, LogReader> readers_;
};

}  // namespace migrationd::storage

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/core/state.h"
#include "daemon/storage/log_scan.h"
#include "daemon/storage/run_directory.h"
#include "daemon/storage/state_file.h"

namespace migrationd::storage {

/// State file and run logs put together.
struct Folded {
  core::State state;
  /// The newest log with what was found in it, when its events were needed; its end may be torn. A
  /// log without a single whole line belongs to a run that never began.
  std::optional<LogName> last_log;
  LogScan last_scan;
  core::RunSummary last_summary;
  std::uint64_t previous_run = 0;   ///< Number of the newest run that did begin; 0: none.
  std::uint64_t last_sequence = 0;  ///< Of that run.
  std::uint64_t imported = 0;       ///< LogHeader::imported, for a run that were the first.
  bool is_fresh = false;            ///< There was neither a state file nor a log.
  std::vector<std::string> notices;
};

/// Folds the logs that the state file has not seen into its state. Changes nothing on the disk.
/// Error: kStateDamaged when acknowledged events are missing or damaged; kStorageFailed.
core::Result<Folded> Fold(Files& files, const LoadedState& loaded,
                          const std::vector<LogName>& logs);

}  // namespace migrationd::storage

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/core/state.h"
#include "daemon/storage/files.h"

namespace migrationd::storage {

/// A run log in the directory of run logs.
struct LogName {
  core::RunId run;
  std::string path;
};

/// "000012-3f9c2a7e.jsonl": sorts by number up to a million runs.
std::string LogFileName(const core::RunId& run);
/// The run whose log is called so; nothing for names that LogFileName does not give.
std::optional<core::RunId> ParseLogFileName(std::string_view name);

/// The run logs in `directory` by ascending number; what is called otherwise is left alone. A
/// directory that is not there has none. Error: kStorageFailed.
core::Result<std::vector<LogName>> ListLogs(Files& files, const std::string& directory);

}  // namespace migrationd::storage

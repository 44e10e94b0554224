#pragma once

#include <string>

#include "client/error.h"

namespace telec {

/// The path of migrationd: TELEC_MIGRATIOND, else beside this program, else in PATH. Error
/// PRIVATE_DAEMON_FAILED: none.
Result<std::string> FindMigrationd();

}  // namespace telec

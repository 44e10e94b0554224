#pragma once

#include <string>
#include <string_view>

#include "daemon/core/result.h"

namespace migrationd::storage {

/// "cannot <action> '<path>': <what errno says>", as kStorageFull (ENOSPC, EDQUOT) or
/// kStorageFailed, with what to do next.
core::Error StorageError(int error, std::string_view action, const std::string& path);

/// True for ENOSPC and EDQUOT.
bool IsFull(int error);

/// "Permission denied".
std::string DescribeErrno(int error);

}  // namespace migrationd::storage

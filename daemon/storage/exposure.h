#pragma once

#include <sys/stat.h>

#include <string>

namespace migrationd::storage {

/// Who, beside root and the daemon's own user, could change a file or folder with this status: "is
/// writable by its group (mode 0664)". Empty: nobody. (An access control list shows in the group's
/// bits.)
std::string DescribeExposure(const struct stat& status);

}  // namespace migrationd::storage

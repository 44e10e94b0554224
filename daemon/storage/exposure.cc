#include "daemon/storage/exposure.h"

#include <unistd.h>

#include <array>
#include <cstdio>

namespace migrationd::storage {

std::string DescribeExposure(const struct stat& status) {
  if (status.st_uid != 0 && status.st_uid != geteuid()) {
    return "belongs to user " + std::to_string(status.st_uid) +
           ", who is neither root nor migrationd's own user";
  }
  const bool by_others = (status.st_mode & S_IWOTH) != 0;
  const bool by_group = (status.st_mode & S_IWGRP) != 0;
  if (!by_others && !by_group) return {};
  constexpr mode_t kPermissions = 07777;
  std::array<char, 16> mode{};
  std::snprintf(mode.data(), mode.size(), "%04o",
                static_cast<unsigned>(status.st_mode & kPermissions));
  return std::string("is writable by ") + (by_others ? "everyone" : "its group") + " (mode " +
         mode.data() + ")";
}

}  // namespace migrationd::storage

#include "daemon/storage/storage_error.h"

#include <cerrno>
#include <system_error>

namespace migrationd::storage {
namespace {

std::string HintFor(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "Free some room on that file system, then run again: nothing recorded is lost.";
    case EROFS:
      return "Mount that file system writable, then restart migrationd.";
    case EACCES:
    case EPERM:
      return "Give migrationd's user the right to read and write there, then restart it.";
    default:
      return "Check the disk and the kernel log (dmesg), then restart migrationd: it reads "
             "everything "
             "again and loses nothing that was recorded.";
  }
}

}  // namespace

bool IsFull(int error) { return error == ENOSPC || error == EDQUOT; }

std::string DescribeErrno(int error) { return std::generic_category().message(error); }

core::Error StorageError(int error, std::string_view action, const std::string& path) {
  return core::Error{IsFull(error) ? core::Reason::kStorageFull : core::Reason::kStorageFailed,
                     "cannot " + std::string(action) + " '" + path + "': " + DescribeErrno(error),
                     HintFor(error)};
}

}  // namespace migrationd::storage

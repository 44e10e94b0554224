#include "daemon/storage/reserve.h"

#include "daemon/storage/disk.h"

namespace migrationd::storage {

int Reserve::Ensure() {
  if (held_ || bytes_ == 0) return 0;
  const Io<OpenFile> file = OpenToWrite(files_, path_);
  if (!file.ok()) return file.error;
  if (const int error = file.value.Allocate(bytes_); error != 0) {
    // A part of it would not be worth its name, and takes room that others need.
    Remove(files_, path_);
    return error;
  }
  held_ = true;
  return 0;
}

bool Reserve::Release() {
  held_ = false;
  // Also what an earlier life of the daemon has set aside.
  return files_.Unlink(path_) == 0;
}

}  // namespace migrationd::storage

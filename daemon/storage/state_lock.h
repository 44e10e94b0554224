#pragma once

#include <string>

#include "daemon/core/result.h"
#include "daemon/storage/disk.h"

namespace migrationd::storage {

/// One daemon per state: a lock that the kernel takes back when the daemon dies, however it dies.
/// The file stays (removing it would let two daemons lock two files of the same name); it holds the
/// owner's process id for the message only.
class StateLock {
 public:
  StateLock(Files& files, std::string path) : files_(files), path_(std::move(path)) {}

  /// Idempotent. Errors: kStateLocked, kStorageFailed.
  core::Status Take();

 private:
  [[nodiscard]] core::Error HeldElsewhere(const OpenFile& file) const;

  Files& files_;
  std::string path_;
  OpenFile file_;
};

}  // namespace migrationd::storage

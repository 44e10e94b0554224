#pragma once

#include <cstdint>
#include <string>

#include "daemon/storage/files.h"

namespace migrationd::storage {

/// Room set aside in a file, so that a run that meets a full disk can still write down how it
/// ended.
class Reserve {
 public:
  Reserve(Files& files, std::string path, std::uint64_t bytes)
      : files_(files), path_(std::move(path)), bytes_(bytes) {}

  /// Sets the room aside unless that is done already. 0 or errno.
  int Ensure();

  /// Gives the room back to the file system; false when there was none to give.
  bool Release();

 private:
  Files& files_;
  std::string path_;
  std::uint64_t bytes_;
  bool held_ = false;
};

}  // namespace migrationd::storage

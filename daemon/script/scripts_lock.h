#pragma once

#include <string>

#include "daemon/core/result.h"
#include "daemon/script/unique_fd.h"

namespace migrationd::script {

/// The file beside the state by which a daemon sees that scripts of an earlier one are alive: the
/// worker and all that is forked from it inherit the lock on it (flock(2)), which goes with the
/// last of them. Its token marks their environment, which also what they execute inherits. Whoever
/// has this owns the state.
class ScriptsLock {
 public:
  /// Opens the file, making it if need be; does not lock. Error: kStorageFailed.
  static core::Result<ScriptsLock> Open(const std::string& path);

  /// Takes the lock for this process and its descendants, or has it. False: somebody else is alive.
  bool TryTake();

  int fd() const { return fd_.get(); }  // NOLINT(readability-identifier-naming)

  /// The same for every life of a daemon on that file, and for no other file of this machine.
  const std::string& token() const { return token_; }  // NOLINT(readability-identifier-naming)

 private:
  ScriptsLock(UniqueFd fd, std::string token) : fd_(std::move(fd)), token_(std::move(token)) {}

  UniqueFd fd_;
  std::string token_;
};

}  // namespace migrationd::script

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "daemon/core/result.h"
#include "daemon/script/unique_fd.h"

namespace migrationd::script {

/// The file beside the state by which a daemon sees that scripts of an earlier one are alive. The
/// worker and all that is forked from it inherit the lock on it (flock(2)), which goes with the
/// last of them. Its token marks their environment, which also what they execute inherits. And it
/// holds the session of the last script, for what a script executes without descriptors and
/// environment. Whoever has the state has this.
class ScriptsLock {
 public:
  /// Opens the file, making it if need be; does not lock. Error: kStorageFailed.
  static core::Result<ScriptsLock> Open(const std::string& path);

  /// Takes the lock for this process and its descendants, or has it. False: somebody else is alive.
  bool TryTake();

  /// Writes down that a script runs in this session. It need not outlive the machine.
  void NoteSession(pid_t session);

  struct Session {
    pid_t id = 0;
    std::uint64_t since = 0;  ///< All of it started after this, in clock ticks after the boot.
  };
  /// The session that was there when the file was opened; nullopt when there was none, or the
  /// machine was started since.
  const std::optional<Session>& earlier_session() const { return earlier_; }  // NOLINT

  int fd() const { return fd_.get(); }  // NOLINT(readability-identifier-naming)

  /// The same for every life of a daemon on that file, and for no other file of this machine.
  const std::string& token() const { return token_; }  // NOLINT(readability-identifier-naming)

 private:
  ScriptsLock(UniqueFd fd, std::string token);

  UniqueFd fd_;
  std::string token_;
  std::string boot_;
  std::uint64_t opened_at_;
  std::optional<Session> earlier_;
};

}  // namespace migrationd::script

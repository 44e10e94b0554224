#pragma once

#include <sys/types.h>

#include <set>
#include <vector>

#include "daemon/script/unique_fd.h"

namespace migrationd::script {

/// The processes that scripts leave behind. The daemon is a subreaper (prctl(2)): whatever loses
/// its parent becomes a child of the daemon, however often it forked and whatever session it made
/// for itself. Since the daemon starts no process but the worker, every other child of it is a
/// stray. Loop thread only.
class Strays {
 public:
  /// Makes this process a subreaper, and its ended children wait to be reaped.
  Strays();

  /// A child that is no stray, until Forget(): the worker, and its spares, which become children of
  /// ours when it dies.
  void Keep(pid_t pid) { kept_.insert(pid); }
  void Forget(pid_t pid) { kept_.erase(pid); }

  /// Whether there is any, living or ended. Quick: one read.
  bool Any() const;

  /// Reaps those that have ended.
  void Reap() const;

  /// Those that live, and `root` (0: none) if it does, each with all its living descendants. Of
  /// many that come and go some may be missing; when the answer is empty, nobody lives.
  std::vector<pid_t> Living(pid_t root) const;

 private:
  /// Whether there is one that is not in `seen`.
  bool HasUnseen(const std::set<pid_t>& seen) const;

  UniqueFd children_;  // Of the main thread, to whom the kernel gives them.
  std::set<pid_t> kept_;
};

}  // namespace migrationd::script

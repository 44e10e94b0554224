#pragma once

#include <csignal>

namespace migrationd::host {

/// Keeps SIGTERM and SIGINT from all threads that are started between the making of this and
/// Release(), which is for the thread that made it. The kernel gives a process's signal to any
/// thread that does not block it (signal(7)), and posix_spawn(3) blocks all while it starts a
/// process: then it would be one of gRPC's, which sleeps.
class HeldSignals {
 public:
  HeldSignals();

  /// What came in the meantime comes now.
  void Release() const;

 private:
  sigset_t before_;
};

}  // namespace migrationd::host

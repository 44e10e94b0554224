#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "client/file_descriptor.h"
#include "client/service.h"
#include "tests/crash/site.h"

namespace migrationd::crash {

/// Who is killed.
enum class Victim {
  kDaemon,  ///< The daemon alone: its worker and scripts are left to the next life.
  kTree,    ///< The daemon and everything below it.
  kHelper,  ///< The worker, or any process of a script; the daemon lives on.
};

/// One life of a real migrationd on a site, from its start until it is gone. One at a time in a
/// process, which must be a subreaper (process_tree.h). Not thread-safe but for Strike().
class DaemonLife {
 public:
  /// Starts it.
  explicit DaemonLife(const Site& site);
  /// Ends it with KILL, if it lives. What it leaves behind is the next life's to deal with: whoever
  /// starts no other ends that himself (KillAllBelow).
  ~DaemonLife();
  DaemonLife(const DaemonLife&) = delete;
  DaemonLife& operator=(const DaemonLife&) = delete;

  /// Waits until it says that it is ready (sd_notify(3)). How long that took from its start;
  /// nullopt: it ended before, or said nothing for a minute.
  std::optional<std::chrono::microseconds> AwaitReady();

  /// A connection of its own; null: nobody takes it.
  std::shared_ptr<telec::Service> Connect() const;

  /// SIGKILL; `pick` chooses among helpers. From any thread, before AwaitEnd(). What was hit: with
  /// no helper alive that is the daemon; nullopt: it had ended already.
  std::optional<Victim> Strike(Victim victim, std::uint64_t pick) const;

  /// SIGTERM, to the daemon.
  void Terminate() const;

  /// Waits for its end. Its wait status.
  int AwaitEnd();

 private:
  const Site& site_;
  std::chrono::steady_clock::time_point started_;
  telec::FileDescriptor notify_;
  telec::FileDescriptor pidfd_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace migrationd::crash

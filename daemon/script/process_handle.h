#pragma once

#include <sys/types.h>

#include <optional>

#include "daemon/script/unique_fd.h"

/// pidfds (pidfd_open(2)): unlike a pid, a pidfd never comes to mean another process.
namespace migrationd::script {

/// A pidfd of `pid`, close-on-exec; none when there is no such process (or no descriptor left:
/// errno). The caller makes sure that `pid` cannot have been reused: its parent has not reaped it.
UniqueFd OpenPidfd(pid_t pid);

/// Sends `signal`; a process that has ended is left alone.
void SignalProcess(int pidfd, int signal);

/// Whether the process has ended, reaped or not.
bool HasEnded(int pidfd);

/// Waits until the process has ended.
void AwaitEnd(int pidfd);

/// Reaps a child of ours that has ended. Its status as waitpid(2) has it; nullopt when it has not
/// ended, or is not a child of ours (any more).
std::optional<int> ReapChild(pid_t pid);

}  // namespace migrationd::script

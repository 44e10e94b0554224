#include "tests/crash/process_tree.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "daemon/script/process_handle.h"
#include "daemon/script/process_table.h"

namespace migrationd::crash {

void BecomeSubreaper() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

std::vector<pid_t> LivingBelow(pid_t root) {
  std::vector<pid_t> queue = script::ChildrenOf(root);
  std::vector<pid_t> living;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    for (const pid_t child : script::ChildrenOf(queue[next])) queue.push_back(child);
    const auto process = script::ReadProcess(queue[next]);
    if (process && !process->ended) living.push_back(queue[next]);
  }
  return living;
}

void KillAllBelow() {
  for (auto living = LivingBelow(getpid()); !living.empty(); living = LivingBelow(getpid())) {
    for (const pid_t pid : living) kill(pid, SIGKILL);
    for (const pid_t pid : living) {
      if (const script::UniqueFd pidfd = script::OpenPidfd(pid)) script::AwaitEnd(pidfd.get());
    }
  }
}

void ReapEnded() {
  while (waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

}  // namespace migrationd::crash

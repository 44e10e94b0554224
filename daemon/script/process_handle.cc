#include "daemon/script/process_handle.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

namespace migrationd::script {
namespace {

bool Poll(int pidfd, int timeout) {
  pollfd entry{pidfd, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&entry, 1, timeout);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace

// By syscall(2): glibc 2.36 has wrappers, older ones and their headers do not.
UniqueFd OpenPidfd(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

void SignalProcess(int pidfd, int signal) {
  ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0);
}

bool HasEnded(int pidfd) { return Poll(pidfd, 0); }

void AwaitEnd(int pidfd) { Poll(pidfd, -1); }

std::optional<int> ReapChild(pid_t pid) {
  int status = 0;
  pid_t reaped = 0;
  do {
    reaped = ::waitpid(pid, &status, WNOHANG);
  } while (reaped < 0 && errno == EINTR);
  return reaped == pid ? std::optional<int>(status) : std::nullopt;
}

}  // namespace migrationd::script

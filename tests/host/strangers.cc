#include "tests/host/strangers.h"

#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <stdexcept>
#include <utility>

namespace migrationd::host {
namespace {

constexpr int kPatienceMs = 60'000;

/// In the child: system calls only. The exit code: which step failed, 0 for none.
int Visit(const sockaddr_un& address, gid_t group, const std::vector<gid_t>& more) {
  if (setgroups(more.size(), more.data()) != 0 || setgid(group) != 0 || setuid(kStranger) != 0)
    return 1;
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) return 2;
  pollfd ended{fd, POLLIN, 0};
  if (poll(&ended, 1, kPatienceMs) != 1) return 3;
  char byte = 0;
  return read(fd, &byte, 1) == 0 ? 0 : 4;
}

}  // namespace

std::vector<Group> OtherGroups() {
  std::vector<gid_t> own(NGROUPS_MAX);
  const int count = getgroups(static_cast<int>(own.size()), own.data());
  own.resize(static_cast<std::size_t>(std::max(count, 0)));
  own.push_back(getegid());
  own.push_back(0);
  std::vector<Group> others;
  setgrent();
  while (const group* entry = getgrent()) {
    if (std::find(own.begin(), own.end(), entry->gr_gid) == own.end())
      others.push_back({entry->gr_name, entry->gr_gid});
  }
  endgrent();
  return others;
}

Stranger::Stranger(const std::string& socket, gid_t group, const std::vector<gid_t>& more) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket.copy(static_cast<char*>(address.sun_path), sizeof(address.sun_path) - 1);
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) _exit(Visit(address, group, more));
}

Stranger::~Stranger() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Stranger::SawTheEnd() {
  int status = 0;
  return waitpid(std::exchange(pid_, -1), &status, 0) > 0 && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

}  // namespace migrationd::host

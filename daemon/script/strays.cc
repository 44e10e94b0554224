#include "daemon/script/strays.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <string>

#include "daemon/script/process_handle.h"
#include "daemon/script/process_table.h"

namespace migrationd::script {

Strays::Strays() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  // Ignored, as a parent may have left it, it would reap them behind our back.
  std::signal(SIGCHLD, SIG_DFL);
  const std::string self = std::to_string(::getpid());
  children_ =
      UniqueFd(::open(("/proc/self/task/" + self + "/children").c_str(), O_RDONLY | O_CLOEXEC));
}

bool Strays::Any() const {
  std::array<char, 4096> buffer;
  const ssize_t size = ::pread(children_.get(), buffer.data(), buffer.size(), 0);
  // What cannot be known here is looked at in full.
  if (size < 0 || static_cast<std::size_t>(size) == buffer.size()) return true;
  const char* next = buffer.data();
  const char* end = next + size;
  while (next < end) {
    pid_t child = 0;
    const auto [stop, error] = std::from_chars(next, end, child);
    if (error != std::errc() || !kept_.contains(child)) return true;
    next = stop + 1;
  }
  return false;
}

void Strays::Reap() const {
  for (const pid_t child : ChildrenOf(::getpid())) {
    if (!kept_.contains(child)) ReapChild(child);
  }
}

std::vector<pid_t> Strays::Living(pid_t root) const {
  std::vector<pid_t> queue = ChildrenOf(::getpid());
  std::erase_if(queue, [this](pid_t child) { return kept_.contains(child); });
  if (root != 0) queue.push_back(root);
  std::set<pid_t> seen(queue.begin(), queue.end());
  std::vector<pid_t> living;
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const pid_t pid = queue[next];
    for (const pid_t child : ChildrenOf(pid)) {
      if (seen.insert(child).second) queue.push_back(child);
    }
    const std::optional<ProcessInfo> process = ReadProcess(pid);
    if (process && !process->ended) living.push_back(pid);
  }
  return living;
}

}  // namespace migrationd::script

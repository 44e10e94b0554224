#include "daemon/script/strays.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
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
  std::vector<pid_t> queue;
  std::set<pid_t> seen;
  std::vector<pid_t> living;
  const auto add = [&](pid_t pid) {
    if (seen.insert(pid).second) queue.push_back(pid);
  };
  if (root != 0) add(root);
  std::size_t next = 0;
  do {
    for (const pid_t child : ChildrenOf(::getpid())) {
      if (!kept_.contains(child)) add(child);
    }
    for (; next < queue.size(); ++next) {
      const pid_t pid = queue[next];
      for (const pid_t child : ChildrenOf(pid)) add(child);
      const std::optional<ProcessInfo> process = ReadProcess(pid);
      if (process && !process->ended) living.push_back(pid);
    }
    // Who ended before he was looked at may have left us children after our list was read. That
    // nobody lives is true once the list has nobody new: whoever lives then is a child of ours, or
    // comes down from one that lives.
  } while (living.empty() && HasUnseen(seen));
  return living;
}

bool Strays::HasUnseen(const std::set<pid_t>& seen) const {
  const std::vector<pid_t> children = ChildrenOf(::getpid());
  return std::any_of(children.begin(), children.end(),
                     [&](pid_t child) { return !kept_.contains(child) && !seen.contains(child); });
}

}  // namespace migrationd::script

#include "daemon/script/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <sstream>
#include <string_view>

#include "daemon/core/text.h"
#include "daemon/script/unique_fd.h"

namespace migrationd::script {
namespace {

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

std::string ProcPath(pid_t pid, const char* rest) { return "/proc/" + std::to_string(pid) + rest; }

}  // namespace

std::vector<pid_t> NumbersIn(const std::string& path) {
  std::vector<pid_t> numbers;
  const std::unique_ptr<DIR, DirectoryCloser> directory(::opendir(path.c_str()));
  if (!directory) return numbers;
  while (const dirent* entry = ::readdir(directory.get())) {  // NOLINT(concurrency-mt-unsafe)
    const std::string_view name = entry->d_name;
    pid_t number = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && stop == name.data() + name.size()) numbers.push_back(number);
  }
  return numbers;
}

std::string ReadProcFile(const std::string& path) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string content;
  if (!file) return content;
  std::array<char, 4096> buffer;
  while (true) {
    const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

std::optional<ProcessInfo> ReadProcess(pid_t pid) {
  const std::string stat = ReadProcFile(ProcPath(pid, "/stat"));
  // "pid (name) state ppid …": the name may hold spaces and parentheses.
  const std::size_t open = stat.find('(');
  const std::size_t close = stat.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  ProcessInfo info;
  info.pid = pid;
  info.name = stat.substr(open + 1, close - open - 1);
  std::istringstream rest(stat.substr(close + 1));
  char state = 0;
  pid_t group = 0;
  std::string skipped;
  int threads = 0;
  rest >> state >> info.parent >> group >> info.session;
  for (int field = 7; field < 20; ++field) rest >> skipped;
  rest >> threads >> skipped >> info.start_time;
  if (!rest) return std::nullopt;
  info.main_thread_ended = state == 'Z' || state == 'X';
  info.ended = info.main_thread_ended && threads <= 1;
  return info;
}

std::vector<pid_t> ChildrenOf(pid_t pid) {
  std::vector<pid_t> children;
  for (const pid_t thread : NumbersIn(ProcPath(pid, "/task"))) {
    std::istringstream list(
        ReadProcFile(ProcPath(pid, "/task/") + std::to_string(thread) + "/children"));
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

std::string DescribeProcess(pid_t pid) {
  const std::optional<ProcessInfo> process = ReadProcess(pid);
  return (process ? core::Quote(process->name) + " " : std::string()) + "(pid " +
         std::to_string(pid) + ")";
}

std::vector<pid_t> AllProcesses() { return NumbersIn("/proc"); }

}  // namespace migrationd::script

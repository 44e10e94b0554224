#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What /proc says of processes; see proc(5). Each answer is old when it is read: whoever acts on a
/// pid must know why it still means the same process.
namespace migrationd::script {

struct ProcessInfo {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
  bool ended = false;              ///< A zombie: waits for its parent to reap it.
  bool main_thread_ended = false;  ///< The kernel calls it a zombie then, though others may live.
  std::string name;                ///< The kernel's, at most 15 bytes; any bytes.
  std::uint64_t start_time = 0;    ///< Clock ticks after the boot.
};

/// nullopt when there is no such process.
std::optional<ProcessInfo> ReadProcess(pid_t pid);

/// The children of all threads of `pid`, ended ones too. For the own process nothing is missed:
/// only who reaps takes children off the list. For others a child may be missed while another one
/// ends.
std::vector<pid_t> ChildrenOf(pid_t pid);

/// All pids.
std::vector<pid_t> AllProcesses();

/// The entries of a directory whose names are numbers: threads, descriptors.
std::vector<int> NumbersIn(const std::string& path);

/// "'sleep' (pid 123)".
std::string DescribeProcess(pid_t pid);

/// The whole content of a file of /proc; empty when it cannot be read.
std::string ReadProcFile(const std::string& path);

}  // namespace migrationd::script

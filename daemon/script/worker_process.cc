#include "daemon/script/worker_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include "daemon/core/text.h"
#include "daemon/script/process_handle.h"
#include "worker_bundle.h"

namespace migrationd::script {
namespace {

using core::Error;
using core::Reason;
using core::Result;

// As worker.py names them.
constexpr int kSocket = 3;
constexpr int kPhases = 4;
constexpr int kLock = 5;
constexpr int kBundle = 6;
constexpr int kFirstFree = 7;

// Also understood by interpreters that are too old. What a bundle is stands in
// cmake/embed_python.py: loading its code takes a tenth of a millisecond, compiling its source
// three.
constexpr const char* kBootstrap = R"(
import sys
if sys.version_info < (3, 8):
    sys.exit('Python 3.8 or newer is needed, this is ' + sys.version.split()[0])
import marshal
from _frozen_importlib_external import MAGIC_NUMBER

def unbundle(bundle):
    end = 8 + int.from_bytes(bundle[4:8], 'little')
    if bundle[:4] == MAGIC_NUMBER:
        return marshal.loads(bundle[8:end])
    return compile(bundle[end:], '<migrationd>', 'exec')

with open(6, 'rb', 0) as bundle:
    exec(unbundle(bundle.readall()))
)";

class SpawnSetup {
 public:
  SpawnSetup() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~SpawnSetup() {
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;

  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

/// Above all numbers that are given away in the child, so that no dup2 there overwrites a source.
UniqueFd Lifted(int fd) { return UniqueFd(::fcntl(fd, F_DUPFD_CLOEXEC, 16)); }

UniqueFd BundleFile() {
  UniqueFd file(::memfd_create("worker.py", MFD_CLOEXEC));
  std::string_view rest = kWorkerBundle;
  while (file && !rest.empty()) {
    const ssize_t written = ::write(file.get(), rest.data(), rest.size());
    if (written <= 0) return {};
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

void SetAttributes(posix_spawnattr_t& attributes) {
  sigset_t mask;
  sigemptyset(&mask);
  ::posix_spawnattr_setsigmask(&attributes, &mask);
  sigfillset(&mask);
  ::posix_spawnattr_setsigdefault(&attributes, &mask);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  // posix_spawn takes char* const[] for history's sake, and changes nothing.
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

Error StartError(const RunnerOptions& options, int code) {
  std::string message =
      "The Python interpreter " + core::Quote(options.python) + " could not be started";
  if (!options.working_directory.empty()) {
    message += " in " + core::Quote(options.working_directory);
  }
  return {Reason::kInterpreterFailed, message + ": " + std::strerror(code) + ".",
          "Set `python` in the configuration to an interpreter of version 3.8 or newer, and "
          "`working_directory` to a directory that exists."};
}

}  // namespace

Result<WorkerProcess> StartWorker(const RunnerOptions& options,
                                  std::vector<std::string> environment, int phases, int lock) {
  std::array<int, 2> pair{};
  std::array<int, 2> pipe{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return StartError(options, errno);
  }
  UniqueFd ours(pair[0]);
  const UniqueFd theirs(pair[1]);
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return StartError(options, errno);
  UniqueFd diagnostics(pipe[0]);
  ::fcntl(diagnostics.get(), F_SETFL, O_NONBLOCK);
  const UniqueFd diagnostics_end(pipe[1]);
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const UniqueFd bundle = BundleFile();

  struct Given {
    UniqueFd fd;
    int number;
  };
  std::array<Given, 7> given = {{{Lifted(null.get()), STDIN_FILENO},
                                 {Lifted(null.get()), STDOUT_FILENO},
                                 {Lifted(diagnostics_end.get()), STDERR_FILENO},
                                 {Lifted(theirs.get()), kSocket},
                                 {Lifted(phases), kPhases},
                                 {Lifted(lock >= 0 ? lock : null.get()), kLock},
                                 {Lifted(bundle.get()), kBundle}}};
  SpawnSetup setup;
  for (const Given& each : given) {
    if (!each.fd) return StartError(options, EMFILE);
    ::posix_spawn_file_actions_adddup2(&setup.actions, each.fd.get(), each.number);
  }
  ::posix_spawn_file_actions_addclosefrom_np(&setup.actions, kFirstFree);
  if (!options.working_directory.empty()) {
    ::posix_spawn_file_actions_addchdir_np(&setup.actions, options.working_directory.c_str());
  }
  SetAttributes(setup.attributes);

  // -I: neither PYTHON* variables nor the user's directory; -S: nor site packages; -B: leave
  // nothing behind. UTF-8, so that a script reads the same files under any locale.
  std::vector<std::string> arguments = {options.python, "-I",   "-S", "-B",
                                        "-X",           "utf8", "-c", kBootstrap};
  arguments.insert(arguments.end(), options.sys_path.begin(), options.sys_path.end());
  // ld.so(8): functions that are looked up at the start need not be looked up in every fork, which
  // would have its own copy of the table. Python takes the first of equals, so that a script sees
  // what is configured, and nothing of this.
  environment.emplace_back("LD_BIND_NOW=<migrationd>");
  WorkerProcess worker;
  const int code =
      ::posix_spawn(&worker.pid, options.python.c_str(), &setup.actions, &setup.attributes,
                    Pointers(arguments).data(), Pointers(environment).data());
  if (code != 0) return StartError(options, code);
  worker.pidfd = OpenPidfd(worker.pid);
  worker.socket = std::move(ours);
  worker.diagnostics = std::move(diagnostics);
  return worker;
}

}  // namespace migrationd::script

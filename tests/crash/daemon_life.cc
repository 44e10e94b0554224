#include "tests/crash/daemon_life.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "client/address.h"
#include "client/dial.h"
#include "daemon/script/process_handle.h"
#include "daemon/script/process_table.h"
#include "tests/crash/process_tree.h"

namespace migrationd::crash {
namespace {

constexpr std::chrono::seconds kReadyLimit{60};

std::string NotifyPath(const Site& site) { return site.path() + "/notify"; }

telec::FileDescriptor OpenNotifySocket(const std::string& path) {
  unlink(path.c_str());
  telec::FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, sizeof name.sun_path - 1);
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0) {
    throw std::runtime_error("cannot bind '" + path + "': " + std::strerror(errno));
  }
  return socket;
}

/// The environment, and where to say that it is ready.
std::vector<std::string> EnvironmentFor(const Site& site) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  environment.push_back("NOTIFY_SOCKET=" + NotifyPath(site));
  return environment;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// As the client finds it, too: TELEC_MIGRATIOND, else the one that was built with this.
std::string Program() {
  const char* named = std::getenv("TELEC_MIGRATIOND");
  return named != nullptr ? named : std::string(MIGRATIOND_BIN_DIR) + "/migrationd";
}

pid_t Spawn(const Site& site) {
  std::vector<std::string> arguments{Program(), "--config", site.config()};
  std::vector<std::string> environment = EnvironmentFor(site);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, site.log().c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, arguments.front().c_str(), &actions, nullptr,
                                Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw std::runtime_error("cannot start '" + arguments.front() + "': " + std::strerror(error));
  }
  return pid;
}

/// The process started first is the worker: it is chosen half of the time.
pid_t ChooseHelper(pid_t daemon, std::uint64_t pick) {
  const std::vector<pid_t> helpers = LivingBelow(daemon);
  if (helpers.empty()) return 0;
  return pick % 2 == 0 ? helpers.front() : helpers[pick / 2 % helpers.size()];
}

}  // namespace

DaemonLife::DaemonLife(const Site& site)
    : site_(site), notify_(OpenNotifySocket(NotifyPath(site))) {
  started_ = std::chrono::steady_clock::now();
  pid_ = Spawn(site);
  pidfd_ = telec::FileDescriptor(script::OpenPidfd(pid_).Release());
}

DaemonLife::~DaemonLife() {
  Strike(Victim::kDaemon, 0);
  AwaitEnd();
}

std::optional<std::chrono::microseconds> DaemonLife::AwaitReady() {
  const auto deadline = started_ + kReadyLimit;
  for (;;) {
    std::array<pollfd, 2> waiting{pollfd{notify_.get(), POLLIN, 0},
                                  pollfd{pidfd_.get(), POLLIN, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    if (poll(waiting.data(), waiting.size(), static_cast<int>(left.count())) < 0) continue;
    std::array<char, 512> words{};
    const ssize_t size = recv(notify_.get(), words.data(), words.size(), 0);
    if (size > 0 &&
        std::string_view(words.data(), static_cast<std::size_t>(size)).find("READY=1") !=
            std::string_view::npos) {
      return std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::steady_clock::now() - started_);
    }
    if (size < 0 && waiting[1].revents != 0) return std::nullopt;
  }
}

std::shared_ptr<telec::Service> DaemonLife::Connect() const {
  const auto address = telec::ParseAddress("unix:" + site_.socket(), "the test");
  if (!address) throw std::runtime_error(address.error().message);
  auto socket = telec::Dial(*address);
  if (!socket) return nullptr;
  return std::make_shared<telec::Service>(std::move(*socket), site_.socket());
}

std::optional<Victim> DaemonLife::Strike(Victim victim, std::uint64_t pick) const {
  if (script::HasEnded(pidfd_.get())) return std::nullopt;
  if (victim == Victim::kHelper) {
    if (const pid_t helper = ChooseHelper(pid_, pick); helper != 0) {
      kill(helper, SIGKILL);
      return victim;
    }
    victim = Victim::kDaemon;
  }
  script::SignalProcess(pidfd_.get(), SIGKILL);
  if (victim == Victim::kTree) KillAllBelow();
  return victim;
}

void DaemonLife::Terminate() const { script::SignalProcess(pidfd_.get(), SIGTERM); }

int DaemonLife::AwaitEnd() {
  if (status_) return *status_;
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = status;
  ReapEnded();
  return status;
}

}  // namespace migrationd::crash

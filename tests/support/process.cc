#include "tests/support/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace migrationd::support {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLimit{60};

std::vector<std::string> EnvironmentOf(const Launch& launch) {
  std::map<std::string, std::string> all = {{"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}};
  for (const char* name :
       {"PATH", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) all[name] = value;
  }
  for (const auto& [name, value] : launch.environment) all[name] = value;
  std::vector<std::string> lines;
  lines.reserve(all.size());
  for (const auto& [name, value] : all) lines.push_back(name + "=" + value);
  return lines;
}

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void Check(int error, const char* what) {
  if (error != 0) throw std::runtime_error(std::string(what) + ": " + std::strerror(error));
}

/// The two ends of a pipe: {read, write}.
std::array<int, 2> Pipe() {
  std::array<int, 2> ends{};
  Check(pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
  return ends;
}

/// posix_spawn's actions and attributes.
struct Spawner {
  Spawner() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigfillset(&defaults);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
  }
  ~Spawner() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;

  pid_t Spawn(const Launch& launch) {
    if (!launch.directory.empty()) {
      posix_spawn_file_actions_addchdir_np(&actions, launch.directory.c_str());
    }
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    const std::vector<std::string> environment = EnvironmentOf(launch);
    pid_t pid = -1;
    Check(posix_spawnp(&pid, launch.command.front().c_str(), &actions, &attributes,
                       Pointers(launch.command).data(), Pointers(environment).data()),
          launch.command.front().c_str());
    return pid;
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

}  // namespace

Process::Process(const Launch& launch) {
  Spawner spawner;
  std::vector<int> childs;
  if (launch.terminal) {
    int slave = -1;
    std::array<char, 64> name{};
    const winsize size{.ws_row = 24, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
    Check(openpty(&out_.fd, &slave, name.data(), nullptr, &size) == 0 ? 0 : errno, "openpty");
    fcntl(out_.fd, F_SETFD, FD_CLOEXEC);
    childs.push_back(slave);
    // Opened by a session leader without a terminal: it becomes its controlling one.
    posix_spawn_file_actions_addopen(&spawner.actions, 0, name.data(), O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&spawner.actions, 0, 1);
    posix_spawn_file_actions_adddup2(&spawner.actions, 0, 2);
  } else {
    posix_spawn_file_actions_addopen(&spawner.actions, 0, "/dev/null", O_RDONLY, 0);
    if (launch.output_to.empty()) {
      const auto [read_end, write_end] = Pipe();
      out_.fd = read_end;
      childs.push_back(write_end);
      posix_spawn_file_actions_adddup2(&spawner.actions, write_end, 1);
    } else {
      posix_spawn_file_actions_addopen(&spawner.actions, 1, launch.output_to.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0644);
    }
    const auto [read_end, write_end] = Pipe();
    err_.fd = read_end;
    childs.push_back(write_end);
    posix_spawn_file_actions_adddup2(&spawner.actions, write_end, 2);
  }
  pid_ = spawner.Spawn(launch);
  pidfd_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  for (const int fd : childs) close(fd);
}

Process::~Process() {
  if (!exit_) {
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Close(out_);
  Close(err_);
  if (pidfd_ >= 0) close(pidfd_);
}

void Process::Signal(int number) const { kill(pid_, number); }

void Process::Type(std::string_view text) const {
  if (write(out_.fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("cannot type on the terminal");
  }
}

void Process::StopListening() { Close(out_); }

void Process::Close(Stream& stream) {
  if (stream.fd >= 0) close(stream.fd);
  stream.fd = -1;
}

void Process::Collect(Stream& stream) {
  std::array<char, 65536> buffer{};
  const ssize_t got = read(stream.fd, buffer.data(), buffer.size());
  if (got > 0) {
    stream.text.append(buffer.data(), static_cast<std::size_t>(got));
  } else if (got == 0 || errno != EINTR) {
    // A terminal whose last user is gone answers EIO.
    Close(stream);
  }
}

/// Takes in what happens next. False: nothing within the time, or nothing can happen any more.
bool Process::Pump(std::optional<int> timeout_ms) {
  std::array<pollfd, 3> waiting = {pollfd{out_.fd, POLLIN, 0}, pollfd{err_.fd, POLLIN, 0},
                                   pollfd{exit_ ? -1 : pidfd_, POLLIN, 0}};
  if (out_.fd < 0 && err_.fd < 0 && exit_) return false;
  const int ready = poll(waiting.data(), waiting.size(), timeout_ms.value_or(-1));
  if (ready < 0) return errno == EINTR;
  if (ready == 0) return false;
  if (waiting[0].revents != 0) Collect(out_);
  if (waiting[1].revents != 0) Collect(err_);
  if (waiting[2].revents != 0) {
    int status = 0;
    waitpid(pid_, &status, 0);
    exit_ = WIFSIGNALED(status) ? Exit{-1, WTERMSIG(status)} : Exit{WEXITSTATUS(status), 0};
  }
  return true;
}

bool Process::Sees(Stream& stream, std::string_view text) {
  const auto deadline = Clock::now() + kLimit;
  while (stream.text.find(text) == std::string::npos) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0 || stream.fd < 0) return false;
    Pump(static_cast<int>(left.count()));
  }
  return true;
}

Exit Process::Wait() {
  const auto deadline = Clock::now() + kLimit;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    // What a surviving grandchild still may write is not waited for.
    if (exit_ && !Pump(0)) return *exit_;
    if (left.count() <= 0) break;
    if (!exit_) Pump(static_cast<int>(left.count()));
  }
  ADD_FAILURE() << "the process did not end within a minute; it wrote:\n" << out_.text << err_.text;
  Signal(SIGKILL);
  while (!exit_) Pump(std::nullopt);
  return *exit_;
}

Finished Execute(const Launch& launch) {
  Process process(launch);
  const Exit exit = process.Wait();
  return Finished{exit, process.Output(), process.Errors()};
}

}  // namespace migrationd::support

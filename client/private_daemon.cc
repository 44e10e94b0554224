#include "client/private_daemon.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>
#include <vector>

#include "client/dial.h"
#include "client/find_program.h"
#include "client/text/visible.h"

namespace telec {
namespace {

/// It recovers its state, and ends what an earlier life left behind, before it speaks.
constexpr std::chrono::minutes kGreetingLimit{2};
constexpr int kConnectionInChild = 3;
constexpr std::size_t kMostFirstWords = 16 * 1024;

Error CannotStart(const std::string& what, int error) {
  return Error{"FAILED_PRECONDITION", "PRIVATE_DAEMON_FAILED",
               "cannot start a private migrationd: " + what + ": " + std::strerror(error), ""};
}

std::vector<std::string> ArgumentsFor(const std::string& program, const CommonOptions& options) {
  std::vector<std::string> arguments = {program, "--private", std::to_string(kConnectionInChild)};
  const auto add = [&](const char* name, const std::optional<std::string>& value) {
    if (value) arguments.insert(arguments.end(), {name, *value});
  };
  add("--config", options.config);
  add("--migrations", options.migrations);
  add("--state", options.state);
  return arguments;
}

/// posix_spawn with the connection and stderr, nothing else. 0, or an errno.
int Spawn(const std::vector<std::string>& arguments, int connection, int error_output, pid_t& pid) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, error_output, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, connection, kConnectionInChild);
  posix_spawn_file_actions_addclosefrom_np(&actions, kConnectionInChild + 1);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigfillset(&defaults);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);

  const int error = posix_spawn(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/// A descriptor that Spawn's dup2 calls cannot overwrite before they copy it.
FileDescriptor AboveStandard(FileDescriptor fd) {
  if (fd.get() > kConnectionInChild) return fd;
  return FileDescriptor(fcntl(fd.get(), F_DUPFD_CLOEXEC, kConnectionInChild + 1));
}

}  // namespace

PrivateDaemon::~PrivateDaemon() {
  if (hang_up_) shutdown(hang_up_.get(), SHUT_RDWR);
  if (pid_ > 0 && waits_) {
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (!reader_.joinable()) return;
  if (!waits_) eventfd_write(end_of_reader_.get(), 1);
  reader_.join();
}

Result<std::shared_ptr<Service>> PrivateDaemon::Reach() {
  if (pid_ > 0) return WhyItEnded();
  auto socket = Start();
  if (!socket) return socket.error();
  switch (AwaitGreeting(*socket, kGreetingLimit)) {
    case Greeting::kClosed:
      return WhyItEnded();
    case Greeting::kSilent:
      kill(pid_, SIGTERM);
      return Error{"UNAVAILABLE", "DAEMON_UNREACHABLE",
                   "the private migrationd did not speak within two minutes; it was ended", ""};
    case Greeting::kHeard:
      break;
  }
  {
    const std::lock_guard lock(mutex_);
    serves_ = true;
    if (!first_words_.empty()) console_.Notice(std::exchange(first_words_, ""));
  }
  hang_up_ = FileDescriptor(fcntl(socket->get(), F_DUPFD_CLOEXEC, 0));
  return std::make_shared<Service>(*std::move(socket), "(private)");
}

Error PrivateDaemon::Explain(Error error) {
  if (pid_ <= 0 || !error.reason.empty() || error.code != "UNAVAILABLE") return error;
  return WhyItEnded();
}

Result<FileDescriptor> PrivateDaemon::Start() {
  const auto program = FindMigrationd();
  if (!program) return program.error();
  std::array<int, 2> pair{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) {
    return CannotStart("socketpair", errno);
  }
  FileDescriptor ours(pair[0]);
  const FileDescriptor theirs = AboveStandard(FileDescriptor(pair[1]));
  std::array<int, 2> pipe{};
  if (pipe2(pipe.data(), O_CLOEXEC) != 0) return CannotStart("pipe", errno);
  FileDescriptor words(pipe[0]);
  const FileDescriptor error_output = AboveStandard(FileDescriptor(pipe[1]));
  end_of_reader_ = FileDescriptor(eventfd(0, EFD_CLOEXEC));
  if (!end_of_reader_) return CannotStart("eventfd", errno);
  const int error = Spawn(ArgumentsFor(*program, options_), theirs.get(), error_output.get(), pid_);
  if (error != 0) return CannotStart("'" + MakeVisible(*program) + "'", error);
  reader_ =
      std::thread([this, from = std::move(words)]() mutable { PassOnWhatItSays(std::move(from)); });
  return ours;
}

void PrivateDaemon::PassOnWhatItSays(FileDescriptor from) {
  std::array<char, 4096> buffer{};
  std::string line;
  for (;;) {
    std::array<pollfd, 2> waiting = {pollfd{from.get(), POLLIN, 0},
                                     pollfd{end_of_reader_.get(), POLLIN, 0}};
    if (poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[1].revents != 0) return;
    const ssize_t got = read(from.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    line.append(buffer.data(), static_cast<std::size_t>(got));
    for (std::size_t end = line.find('\n'); end != std::string::npos; end = line.find('\n')) {
      const std::string words = MakeVisible(std::string_view(line).substr(0, end));
      line.erase(0, end + 1);
      const std::lock_guard lock(mutex_);
      if (serves_) {
        console_.Notice(words);
      } else if (first_words_.size() < kMostFirstWords) {
        first_words_.append(first_words_.empty() ? "" : "\n").append(words);
      }
    }
  }
}

Error PrivateDaemon::WhyItEnded() {
  if (hang_up_) shutdown(hang_up_.get(), SHUT_RDWR);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  reader_.join();
  const std::string how = WIFSIGNALED(status)
                              ? "by signal " + std::to_string(WTERMSIG(status))
                              : "with exit code " + std::to_string(WEXITSTATUS(status));
  const std::lock_guard lock(mutex_);
  if (serves_) {
    return Error{"UNAVAILABLE", "CONTACT_LOST",
                 "the private migrationd ended " + how + " in the middle of its work",
                 "Nothing that was recorded is lost: run the same command again."};
  }
  if (first_words_.empty()) first_words_ = "the private migrationd ended " + how;
  return Error{"FAILED_PRECONDITION", "PRIVATE_DAEMON_FAILED", first_words_, ""};
}

}  // namespace telec

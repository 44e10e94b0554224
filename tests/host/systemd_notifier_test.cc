#include "daemon/host/systemd_notifier.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/temp_directory.h"

namespace migrationd::host {
namespace {

constexpr int kPatienceMs = 60'000;

/// The service manager's end of $NOTIFY_SOCKET.
class Manager {
 public:
  Manager() {
    const std::string path = folder_ / "notify";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), sizeof(address.sun_path) - 1);
    EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  ~Manager() {
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    close(fd_);
  }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  bool HasWord(int patience_ms = 0) const {
    pollfd ready{fd_, POLLIN, 0};
    return poll(&ready, 1, patience_ms) == 1;
  }
  /// The next datagram; empty when none came in time.
  std::string Next() const {
    char text[512] = {};
    const ssize_t got = HasWord(kPatienceMs) ? recv(fd_, text, sizeof(text), 0) : 0;
    return std::string(text, got < 0 ? 0 : static_cast<std::size_t>(got));
  }

 private:
  support::TempDirectory folder_;
  int fd_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

TEST(SystemdNotifier, TellsTheLifeOfTheService) {
  const Manager manager;
  asio::io_context loop;
  SystemdNotifier notifier(loop);
  notifier.Ready();
  EXPECT_EQ(manager.Next(), "READY=1");
  notifier.Describe("2 of 5: 1.3.0/002-index");
  EXPECT_EQ(manager.Next(), "STATUS=2 of 5: 1.3.0/002-index");
  notifier.Stopping();
  EXPECT_EQ(manager.Next(), "STOPPING=1");
  loop.poll();
  EXPECT_FALSE(manager.HasWord()) << "no watchdog was asked for";
}

TEST(SystemdNotifier, FeedsTheWatchdogFromTheLoop) {
  const Manager manager;
  setenv("WATCHDOG_USEC", "30000", 1);
  asio::io_context loop;
  SystemdNotifier notifier(loop);
  notifier.Ready();
  EXPECT_EQ(manager.Next(), "READY=1");
  EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  EXPECT_FALSE(manager.HasWord()) << "a loop that does not turn must be noticed";
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_EQ(loop.run_one_for(std::chrono::milliseconds(kPatienceMs)), 1U);
    EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  }
}

TEST(SystemdNotifier, IsSilentWithoutSystemd) {
  unsetenv("NOTIFY_SOCKET");
  asio::io_context loop;
  SystemdNotifier notifier(loop);
  notifier.Ready();
  notifier.Stopping();
  EXPECT_EQ(loop.poll(), 0U);
}

/// In a child: puts a socket (listening or not) where systemd does, and exits with the number of
/// sockets that are taken.
[[noreturn]] void TakeActivated(bool listening) {
  const support::TempDirectory folder;
  const std::string path = folder / "s";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(address.sun_path), sizeof(address.sun_path) - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) _exit(10);
  if (listening && listen(fd, 1) != 0) _exit(11);
  if (dup2(fd, 3) != 3) _exit(12);
  setenv("LISTEN_PID", std::to_string(getpid()).c_str(), 1);
  setenv("LISTEN_FDS", "1", 1);
  const auto sockets = ActivatedSockets();
  if (getenv("LISTEN_FDS") != nullptr) _exit(13);
  if (!sockets.empty() && sockets[0] != 3) _exit(14);
  _exit(static_cast<int>(sockets.size()));
}

TEST(ActivatedSockets, AreThoseThatListen) {
  EXPECT_EXIT(TakeActivated(true), testing::ExitedWithCode(1), "");
  EXPECT_EXIT(TakeActivated(false), testing::ExitedWithCode(0), "");
}

TEST(ActivatedSockets, AreNoneWithoutSystemd) {
  unsetenv("LISTEN_FDS");
  EXPECT_TRUE(ActivatedSockets().empty());
}

}  // namespace
}  // namespace migrationd::host

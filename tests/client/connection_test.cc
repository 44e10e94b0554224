#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "client/dial.h"
#include "tests/client/telec.h"

namespace telec::testing {
namespace {

using migrationd::support::TempDirectory;
using migrationd::support::WriteFile;
using ::testing::HasSubstr;

/// A socket that is listened on.
class Listener {
 public:
  explicit Listener(const std::string& path) : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.copy(name.sun_path, sizeof name.sun_path - 1);
    EXPECT_EQ(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
    EXPECT_EQ(listen(fd_.get(), 8), 0);
  }
  int fd() const { return fd_.get(); }
  void Close() { fd_.Close(); }

 private:
  FileDescriptor fd_;
};

TEST(Connection, NothingThereTellsWhatWasTriedAndWhatToDo) {
  const TempDirectory directory;
  Launch launch = Telec({"migrate", "status"});
  launch.environment["XDG_RUNTIME_DIR"] = directory.path();
  const Finished telec = migrationd::support::Execute(launch);
  EXPECT_THAT(telec.err,
              HasSubstr("error: no migrationd could be reached\n  '" + directory.path().string() +
                        "/migrationd/migrationd.sock': No such file or directory\n"
                        "  '/run/migrationd/migrationd.sock': "));
  EXPECT_THAT(telec.err, HasSubstr("systemctl start migrationd.socket"));
  EXPECT_THAT(telec.err, HasSubstr("--local"));
  EXPECT_EQ(telec.exit, Exit{3});
}

TEST(Connection, ASocketThatADeadDaemonLeftIsRefused) {
  const TempDirectory directory;
  Listener(directory / "d.sock").Close();
  const Finished telec = RunTelec({"migrate", "status", "--host", directory / "d.sock"});
  EXPECT_THAT(telec.err, HasSubstr("d.sock': Connection refused"));
  EXPECT_EQ(telec.exit, Exit{3});
}

TEST(Connection, WhoeverIsTurnedAwayIsToldThatItIsAboutThem) {
  const TempDirectory directory;
  Listener listener(directory / "d.sock");
  std::thread doorkeeper([&] {
    for (int fd = accept(listener.fd(), nullptr, nullptr); fd >= 0;
         fd = accept(listener.fd(), nullptr, nullptr)) {
      close(fd);
    }
  });
  const Finished telec = RunTelec({"migrate", "status", "--host", directory / "d.sock"});
  EXPECT_THAT(telec.err, HasSubstr("turned this user away"));
  EXPECT_THAT(telec.err, HasSubstr("uid " + std::to_string(geteuid())));
  EXPECT_EQ(telec.exit, Exit{4});
  shutdown(listener.fd(), SHUT_RDWR);
  doorkeeper.join();
}

TEST(Connection, ASocketThatMayNotBeOpenedIsNotPermitted) {
  if (geteuid() == 0) GTEST_SKIP() << "root may open every socket";
  const TempDirectory directory;
  const Listener listener(directory / "d.sock");
  ASSERT_EQ(chmod((directory / "d.sock").c_str(), 0), 0);
  EXPECT_EQ(RunTelec({"migrate", "status", "--host", directory / "d.sock"}).exit, Exit{4});
}

TEST(Connection, AFileIsNoSocket) {
  const TempDirectory directory;
  WriteFile(directory / "file", "");
  const Finished telec = RunTelec({"migrate", "status", "--host", directory / "file"});
  EXPECT_THAT(telec.err, HasSubstr("Connection refused"));
  EXPECT_EQ(telec.exit, Exit{3});
}

TEST(Connection, APathThatIsTooLongIsAUsageError) {
  const Finished telec = RunTelec({"migrate", "status", "--host", "/" + std::string(200, 'x')});
  EXPECT_THAT(telec.err, HasSubstr("has at most 107 bytes, this one has 201"));
  EXPECT_EQ(telec.exit, Exit{64});
}

TEST(Connection, AClosedPortIsUnreachable) {
  const Finished telec = RunTelec({"migrate", "status", "--host", "127.0.0.1:1"});
  EXPECT_THAT(telec.err, HasSubstr("'127.0.0.1:1': Connection refused"));
  EXPECT_EQ(telec.exit, Exit{3});
}

TEST(Connection, TheUsersOwnDaemonIsFound) {
  FakeDaemon daemon;
  const TempDirectory directory;
  const std::string socket = directory / "migrationd/migrationd.sock";
  WriteFile(directory / "migrationd/.keep", "");
  ASSERT_EQ(symlink(daemon.socket().c_str(), socket.c_str()), 0);
  Launch launch = Telec({"migrate", "status"});
  launch.environment["XDG_RUNTIME_DIR"] = directory.path();
  EXPECT_EQ(migrationd::support::Execute(launch).exit, Exit{0});
}

TEST(Greeting, ASilentPeerIsNotWaitedForForever) {
  const TempDirectory directory;
  const Listener listener(directory / "d.sock");
  const auto socket = Dial(Address{UnixAddress{directory / "d.sock"}, "d"});
  ASSERT_TRUE(socket);
  EXPECT_EQ(AwaitGreeting(*socket, std::chrono::milliseconds(1)), Greeting::kSilent);
}

}  // namespace
}  // namespace telec::testing

#include "daemon/host/listener.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>

#include "tests/host/arrivals.h"
#include "tests/support/temp_directory.h"

namespace migrationd::host {
namespace {

using ::testing::HasSubstr;

TEST(Listener, HandsOverWhoConnects) {
  const support::TempDirectory folder;
  const std::string path = folder / "run/migrationd/d.sock";
  Arrivals arrivals;
  ASSERT_TRUE(arrivals.listener.Listen(path)) << "folders that are missing are made";
  const int client = Connect(path);
  ASSERT_TRUE(arrivals.Await(1));
  const auto& arrival = arrivals.arrived[0];
  EXPECT_EQ(arrival.access, Access::kOperator);
  EXPECT_EQ(arrival.who.uid, geteuid());
  EXPECT_EQ(arrival.who.pid, static_cast<std::uint32_t>(getpid()));
  EXPECT_NE(fcntl(arrival.fd, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(arrival.fd, F_GETFD) & FD_CLOEXEC, 0) << "scripts must not inherit it";
  ASSERT_EQ(write(client, "x", 1), 1);
  char byte = 0;
  EXPECT_EQ(read(arrival.fd, &byte, 1), 1);
  close(client);
}

TEST(Listener, AnyoneMayKnockWhoeverTheUmaskKeepsOut) {
  const support::TempDirectory folder;
  const mode_t before = umask(077);
  Arrivals arrivals;
  ASSERT_TRUE(arrivals.listener.Listen(folder / "d.sock"));
  umask(before);
  struct stat status {};
  ASSERT_EQ(stat((folder / "d.sock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0666U);
}

TEST(Listener, TurnsAwayWhoComesWhenTheHouseIsFull) {
  const support::TempDirectory folder;
  Arrivals arrivals(*AccessPolicy::Make("", ""), 1);
  ASSERT_TRUE(arrivals.listener.Listen(folder / "d.sock"));
  const int first = Connect(folder / "d.sock");
  const int second = Connect(folder / "d.sock");
  ASSERT_TRUE(arrivals.Until([&] { return !arrivals.complaints.empty(); }));
  EXPECT_THAT(arrivals.complaints[0], HasSubstr("limits.connections"));
  EXPECT_EQ(arrivals.arrived.size(), 1U);
  char byte = 0;
  EXPECT_EQ(read(second, &byte, 1), 0) << "closed, not left hanging";
  close(first);
  close(second);
}

TEST(OpenConnections, HaveRoomAgainWhenOneIsClosed) {
  asio::io_context loop;
  OpenConnections connections(loop, 1);
  std::array<int, 2> one{};
  std::array<int, 2> other{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, one.data()), 0);
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, other.data()), 0);
  EXPECT_TRUE(connections.Admit(one[0]));
  EXPECT_FALSE(connections.Admit(other[0]));
  close(one[1]);
  while (connections.count() > 0) ASSERT_EQ(loop.run_one_for(std::chrono::seconds(60)), 1U);
  EXPECT_TRUE(connections.Admit(other[0]));
  for (const int fd : {one[0], other[0], other[1]}) close(fd);
}

TEST(Listener, RefusesAPathThatASocketCannotHave) {
  Arrivals arrivals;
  const auto too_long = arrivals.listener.Listen("/tmp/" + std::string(103, 'x'));
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().reason, core::Reason::kSocketUnusable);
  EXPECT_THAT(too_long.error().message, HasSubstr("108 bytes, a Unix socket's may have 107"));
  const auto none = arrivals.listener.Listen("");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().hint, HasSubstr("--socket"));
}

TEST(Listener, DoesNotTakeTheSocketOfADaemonThatLives) {
  const support::TempDirectory folder;
  Arrivals first;
  ASSERT_TRUE(first.listener.Listen(folder / "d.sock"));
  Arrivals second;
  const auto refused = second.listener.Listen(folder / "d.sock");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, core::Reason::kSocketUnusable);
  EXPECT_THAT(refused.error().message, HasSubstr("another daemon answers there"));
  const int client = Connect(folder / "d.sock");
  EXPECT_TRUE(first.Await(1)) << "the first one still has it";
  close(client);
}

TEST(Listener, ReplacesTheSocketOfADaemonThatDied) {
  const support::TempDirectory folder;
  const int dead = Bind(folder / "d.sock", SOCK_STREAM);
  ASSERT_EQ(listen(dead, 1), 0);
  close(dead);
  ASSERT_TRUE(std::filesystem::is_socket(folder / "d.sock"));
  Arrivals arrivals;
  ASSERT_TRUE(arrivals.listener.Listen(folder / "d.sock"));
  const int client = Connect(folder / "d.sock");
  EXPECT_TRUE(arrivals.Await(1));
  close(client);
}

TEST(Listener, LeavesAloneWhatIsSomethingElse) {
  const support::TempDirectory folder;
  support::WriteFile(folder / "file", "precious");
  std::filesystem::create_symlink("nowhere", folder / "link");
  const int datagrams = Bind(folder / "datagrams", SOCK_DGRAM);
  Arrivals arrivals;
  for (const char* name : {"file", "link", "datagrams"}) {
    const auto refused = arrivals.listener.Listen(folder / name);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().reason, core::Reason::kSocketUnusable);
    EXPECT_THAT(refused.error().message, HasSubstr("'" + (folder / name) + "'"));
    EXPECT_THAT(refused.error().hint, HasSubstr("Move it away"));
    EXPECT_TRUE(std::filesystem::exists(std::filesystem::symlink_status(folder / name)));
  }
  EXPECT_EQ(support::ReadFile(folder / "file"), "precious");
  const auto in_a_file = arrivals.listener.Listen(folder / "file/d.sock");
  ASSERT_FALSE(in_a_file);
  EXPECT_THAT(in_a_file.error().message, HasSubstr("its folder cannot be made"));
  close(datagrams);
}

TEST(Listener, RemovesItsSocketWhenItCloses) {
  const support::TempDirectory folder;
  Arrivals arrivals;
  ASSERT_TRUE(arrivals.listener.Listen(folder / "d.sock"));
  const int client = Connect(folder / "d.sock");
  arrivals.listener.Close();
  EXPECT_FALSE(std::filesystem::exists(folder / "d.sock"));
  EXPECT_EQ(Connect(folder / "d.sock"), -1);
  arrivals.loop.poll();
  EXPECT_TRUE(arrivals.arrived.empty()) << "who was not yet let in stays out";
  close(client);
}

TEST(Listener, LeavesTheSocketOfSystemdWhereItIs) {
  const support::TempDirectory folder;
  const int passed = Bind(folder / "d.sock", SOCK_STREAM);
  ASSERT_EQ(listen(passed, 1), 0);
  Arrivals arrivals;
  ASSERT_TRUE(arrivals.listener.Take(passed));
  const int client = Connect(folder / "d.sock");
  EXPECT_TRUE(arrivals.Await(1));
  close(client);
  arrivals.listener.Close();
  EXPECT_TRUE(std::filesystem::exists(folder / "d.sock"));
}

}  // namespace
}  // namespace migrationd::host

#include "daemon/host/private_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

namespace migrationd::host {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::seconds kPatience{60};

TEST(PrivateConnection, TellsWhenTheOtherEndIsGoneAndNotBefore) {
  int ends[2] = {};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
  asio::io_context loop;
  bool gone = false;
  PrivateConnection connection(loop, [&gone] { gone = true; });
  ASSERT_TRUE(connection.Watch(ends[0]));

  ASSERT_EQ(write(ends[1], "hello", 5), 5);
  loop.poll();
  EXPECT_FALSE(gone) << "words are no farewell";
  char words[5] = {};
  EXPECT_EQ(read(ends[0], words, sizeof(words)), 5) << "and they are the server's to read";

  close(ends[1]);
  loop.run_for(kPatience);
  EXPECT_TRUE(gone);
  close(ends[0]);
}

TEST(PrivateConnection, NoticesAnEndThatWasGoneBefore) {
  int ends[2] = {};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  close(ends[1]);
  asio::io_context loop;
  bool gone = false;
  PrivateConnection connection(loop, [&gone] { gone = true; });
  ASSERT_TRUE(connection.Watch(ends[0]));
  loop.run_for(kPatience);
  EXPECT_TRUE(gone);
  close(ends[0]);
}

TEST(PrivateConnection, TakesNothingButASocket) {
  int ends[2] = {};
  ASSERT_EQ(pipe(ends), 0);
  asio::io_context loop;
  PrivateConnection connection(loop, [] {});
  for (const int fd : {ends[0], 987654}) {
    const auto watched = connection.Watch(fd);
    ASSERT_FALSE(watched);
    EXPECT_EQ(watched.error().reason, core::Reason::kSocketUnusable);
    EXPECT_THAT(watched.error().message, HasSubstr(std::to_string(fd)));
  }
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace migrationd::host

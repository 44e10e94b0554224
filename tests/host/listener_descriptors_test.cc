#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <optional>

#include "daemon/host/listener.h"
#include "tests/host/arrivals.h"
#include "tests/support/temp_directory.h"

namespace migrationd::host {
namespace {

/// No descriptor of this number or above can be opened while this lives.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(int end) {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit lower = before_;
    lower.rlim_cur = static_cast<rlim_t>(end);
    setrlimit(RLIMIT_NOFILE, &lower);
  }
  ~DescriptorLimit() { setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  rlimit before_{};
};

int LowestFree() {
  const int lowest = dup(STDIN_FILENO);
  close(lowest);
  return lowest;
}

/// UBSan looks at objects through a pipe, and takes one for broken when there is no descriptor for
/// it.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kNeedsDescriptorsItself = true;
#else
constexpr bool kNeedsDescriptorsItself = false;
#endif

TEST(Listener, EachOfItsDoorsOpensAgainWhenDescriptorsAreFreeAgain) {
  if (kNeedsDescriptorsItself) GTEST_SKIP() << "the sanitizer needs descriptors of its own";
  const support::TempDirectory folder;
  Arrivals arrivals;
  ASSERT_TRUE(arrivals.listener.Listen(folder / "a.sock"));
  const int second_door = Bind(folder / "b.sock", SOCK_STREAM);
  ASSERT_EQ(listen(second_door, 8), 0);
  ASSERT_TRUE(arrivals.listener.Take(second_door));
  const int at_first = Connect(folder / "a.sock");
  const int at_second = Connect(folder / "b.sock");
  std::optional<DescriptorLimit> nothing_free(LowestFree());
  ASSERT_TRUE(arrivals.Until([&] { return arrivals.complaints.size() >= 2; }));
  EXPECT_THAT(arrivals.complaints[0], testing::HasSubstr("could not be accepted"));
  EXPECT_TRUE(arrivals.arrived.empty());

  nothing_free.reset();
  EXPECT_TRUE(arrivals.Await(2));
  close(at_first);
  close(at_second);
}

TEST(Listener, ClosesWhileItPauses) {
  if (kNeedsDescriptorsItself) GTEST_SKIP() << "the sanitizer needs descriptors of its own";
  const support::TempDirectory folder;
  Arrivals arrivals;
  ASSERT_TRUE(arrivals.listener.Listen(folder / "a.sock"));
  const int client = Connect(folder / "a.sock");
  {
    const DescriptorLimit nothing_free(LowestFree());
    ASSERT_TRUE(arrivals.Until([&] { return !arrivals.complaints.empty(); }));
  }
  arrivals.listener.Close();
  arrivals.loop.run();
  EXPECT_TRUE(arrivals.arrived.empty());
  close(client);
}

TEST(MoveToFreshNumber, GoesRoundBeforeItGivesANumberAgain) {
  const DescriptorLimit limit(67);
  int next = 0;
  const auto open_one = [&next] { return MoveToFreshNumber(dup(STDIN_FILENO), next); };
  const int first = open_one();
  EXPECT_EQ(first, 64);
  EXPECT_NE(fcntl(first, F_GETFD) & FD_CLOEXEC, 0);
  close(first);
  const int second = open_one();
  EXPECT_EQ(second, 65) << "64 is free, and was used just now";
  close(second);
  const int third = open_one();
  EXPECT_EQ(third, 66);
  const int fourth = open_one();
  EXPECT_EQ(fourth, 64) << "the end was reached";
  close(third);
  close(fourth);
}

TEST(MoveToFreshNumber, KeepsANumberRatherThanLosingAConnection) {
  const DescriptorLimit limit(65);
  int next = 0;
  const int only = MoveToFreshNumber(dup(STDIN_FILENO), next);
  ASSERT_EQ(only, 64);
  const int low = dup(STDIN_FILENO);
  EXPECT_EQ(MoveToFreshNumber(low, next), low);
  EXPECT_NE(fcntl(low, F_GETFD), -1) << "it is still open";
  close(low);
  close(only);
}

}  // namespace
}  // namespace migrationd::host

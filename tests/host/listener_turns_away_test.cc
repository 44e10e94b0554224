#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>

#include "tests/host/arrivals.h"
#include "tests/host/strangers.h"
#include "tests/support/temp_directory.h"

namespace migrationd::host {
namespace {

using ::testing::HasSubstr;

/// Peers of another user need root to become one.
class ListenerAndStrangers : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
    ASSERT_GE(groups_.size(), 2U);
    const auto policy = AccessPolicy::Make(groups_[0].name, groups_[1].name);
    ASSERT_TRUE(policy);
    arrivals_.emplace(*policy);
    ASSERT_TRUE(arrivals_->listener.Listen(path_));
  }

  /// Hangs up on the one who arrived.
  void HangUp() {
    shutdown(arrivals_->arrived.back().fd, SHUT_RDWR);
    close(arrivals_->arrived.back().fd);
    arrivals_->arrived.clear();
  }

  const support::TempDirectory folder_;
  const std::string path_ = folder_ / "d.sock";
  const std::vector<Group> groups_ = OtherGroups();
  std::optional<Arrivals> arrivals_;
};

TEST_F(ListenerAndStrangers, NobodyIsTurnedAwayBeforeAByteIsRead) {
  Stranger nobody(path_, kStranger);
  ASSERT_TRUE(arrivals_->Until([this] { return !arrivals_->complaints.empty(); }));
  EXPECT_TRUE(nobody.SawTheEnd());
  EXPECT_TRUE(arrivals_->arrived.empty());
  EXPECT_THAT(arrivals_->complaints[0], HasSubstr("turned away: uid " + std::to_string(kStranger)));
}

TEST_F(ListenerAndStrangers, AViewerIsLetInAsAViewer) {
  Stranger viewer(path_, groups_[1].id);
  ASSERT_TRUE(arrivals_->Await(1));
  EXPECT_EQ(arrivals_->arrived[0].access, Access::kViewer);
  EXPECT_EQ(arrivals_->arrived[0].who.uid, kStranger);
  EXPECT_EQ(arrivals_->arrived[0].who.pid, static_cast<std::uint32_t>(viewer.pid()));
  HangUp();
  EXPECT_TRUE(viewer.SawTheEnd());
}

TEST_F(ListenerAndStrangers, ASupplementaryGroupMakesAnOperator) {
  Stranger operating(path_, kStranger, {groups_[1].id, groups_[0].id});
  ASSERT_TRUE(arrivals_->Await(1));
  EXPECT_EQ(arrivals_->arrived[0].access, Access::kOperator);
  HangUp();
  EXPECT_TRUE(operating.SawTheEnd());
}

TEST_F(ListenerAndStrangers, OneWhoIsTurnedAwayBarsNobodyElse) {
  Stranger nobody(path_, kStranger);
  ASSERT_TRUE(arrivals_->Until([this] { return !arrivals_->complaints.empty(); }));
  Stranger viewer(path_, groups_[1].id);
  EXPECT_TRUE(arrivals_->Await(1));
}

}  // namespace
}  // namespace migrationd::host

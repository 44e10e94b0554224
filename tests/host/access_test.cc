#include "daemon/host/access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/host/strangers.h"

namespace migrationd::host {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

/// A user that is neither root nor this process's.
Peer PeerIn(std::vector<gid_t> groups) {
  return Peer{core::Requester{kStranger, 1, "mara"}, std::move(groups)};
}

TEST(Access, TheKernelSaysWhoIsAtTheOtherEnd) {
  int ends[2] = {};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  const auto peer = PeerOf(ends[0]);
  ASSERT_TRUE(peer);
  EXPECT_EQ(peer->who.uid, geteuid());
  EXPECT_EQ(peer->who.pid, static_cast<std::uint32_t>(getpid()));
  EXPECT_THAT(peer->groups, Contains(getegid()));
  if (geteuid() == 0) {
    EXPECT_EQ(peer->who.user, "root");
  }

  const auto policy = AccessPolicy::Make("", "");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->Judge(*peer), Access::kOperator) << "the daemon's own user";
  close(ends[0]);
  close(ends[1]);
}

TEST(Access, WhatIsNoSocketHasNobodyAtTheOtherEnd) {
  int ends[2] = {};
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(PeerOf(ends[0]));
  close(ends[0]);
  close(ends[1]);
  EXPECT_FALSE(PeerOf(-1));
}

TEST(Access, WithoutGroupsAStrangerIsNobody) {
  const auto policy = AccessPolicy::Make("", "");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->Judge(PeerIn({0, getegid(), kStranger})), Access::kNone)
      << "the groups of root and of the daemon open no door";
}

TEST(Access, RootMayDoEverything) {
  const auto policy = AccessPolicy::Make("", "");
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->Judge(Peer{core::Requester{0, 1, "root"}, {}}), Access::kOperator);
}

TEST(Access, GroupsMakeOperatorsAndViewers) {
  const auto groups = OtherGroups();
  ASSERT_GE(groups.size(), 2U);
  const auto policy = AccessPolicy::Make(groups[0].name, groups[1].name);
  ASSERT_TRUE(policy);
  EXPECT_EQ(policy->Judge(PeerIn({groups[0].id})), Access::kOperator);
  EXPECT_EQ(policy->Judge(PeerIn({7777, groups[1].id})), Access::kViewer);
  EXPECT_EQ(policy->Judge(PeerIn({groups[1].id, groups[0].id})), Access::kOperator)
      << "in both groups: the wider one counts";
  EXPECT_EQ(policy->Judge(PeerIn({7777})), Access::kNone);
}

TEST(Access, AGroupThatTheHostDoesNotHaveIsNotTakenForNone) {
  const auto no_operators = AccessPolicy::Make("no-such-group", "");
  ASSERT_FALSE(no_operators);
  EXPECT_EQ(no_operators.error().reason, core::Reason::kConfigInvalid);
  EXPECT_THAT(no_operators.error().message, HasSubstr("`daemon.operator_group`"));
  EXPECT_THAT(no_operators.error().message, HasSubstr("'no-such-group'"));
  const auto no_viewers = AccessPolicy::Make("", "no-such-group");
  ASSERT_FALSE(no_viewers);
  EXPECT_THAT(no_viewers.error().message, HasSubstr("`daemon.viewer_group`"));
}

}  // namespace
}  // namespace migrationd::host

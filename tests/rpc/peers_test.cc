#include "daemon/rpc/peers.h"

#include <gtest/gtest.h>

namespace migrationd::rpc {
namespace {

TEST(Peers, AreKnownByTheNameThatGrpcGivesTheirConnection) {
  Peers peers;
  peers.Add(64, {1000, 1, "mara"});
  peers.Add(65, {2000, 2, "vera"});
  EXPECT_EQ(peers.Of("fd:64").user, "mara");
  EXPECT_EQ(peers.Of("fd:65").user, "vera");
}

TEST(Peers, ANumberThatIsGivenAgainIsTheNewOnes) {
  Peers peers;
  peers.Add(64, {1000, 1, "mara"});
  peers.Add(64, {2000, 2, "vera"});
  EXPECT_EQ(peers.Of("fd:64").uid, 2000U);
}

TEST(Peers, AStrangerIsNobodyNotRoot) {
  const core::Requester stranger = Peers().Of("unix:/run/other.sock");
  EXPECT_EQ(stranger.uid, 65534U);
  EXPECT_EQ(stranger.pid, 0U);
  EXPECT_EQ(stranger.user, "");
}

}  // namespace
}  // namespace migrationd::rpc

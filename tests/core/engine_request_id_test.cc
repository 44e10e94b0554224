#include <gtest/gtest.h>

#include <string>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

const RunRequest kRequest{"3f0c9d1e-0000-4000-8000-000000000001", {}, ""};

class EngineRequestId : public testing::Test {
 protected:
  EngineRequestId() {
    host_.catalogue.Write("v1.1.0/001_a.py");
    host_.catalogue.Write("v1.1.0/002_b.py");
    EXPECT_TRUE(host_.Start());
  }

  fakes::TestHost host_;
};

TEST_F(EngineRequestId, ARetryJoinsTheRunThatGoesOn) {
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  const auto first = host_.Run(kRequest);
  const auto retry = host_.Run(kRequest);
  ASSERT_TRUE(retry);
  EXPECT_EQ(*first, *retry);
  EXPECT_EQ(host_.store.runs(), 1U);
}

TEST_F(EngineRequestId, ARetryJoinsTheRunThatIsOver) {
  const auto first = host_.Run(kRequest);
  EXPECT_EQ(*host_.Run(kRequest), *first);
  EXPECT_EQ(host_.runner.started().size(), 2U);
}

TEST_F(EngineRequestId, ARetryJoinsWhileTheRunIsBeingPrepared) {
  std::optional<Result<Subscription>> first;
  host_.engine().Run(kRequest, fakes::Mara(),
                     [&first](Result<Subscription> run) { first = std::move(run); });
  const auto retry = host_.Run(kRequest);
  ASSERT_TRUE(retry && first);
  EXPECT_EQ((*first)->run, *retry);
  EXPECT_EQ(host_.store.runs(), 1U);
}

TEST_F(EngineRequestId, ARetryAfterARestartJoinsTheSameRun) {
  const auto first = host_.Run(kRequest);
  host_.Crash();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(*host_.Run(kRequest), *first);
  EXPECT_EQ(host_.store.runs(), 1U);
}

TEST_F(EngineRequestId, ARetryAfterACrashJoinsTheRunThatWasInterrupted) {
  host_.runner.On("1.1.0/002_b.py").HangsUntilStopped();
  const auto first = host_.Run(kRequest);
  host_.Crash();
  ASSERT_TRUE(host_.Start());
  const auto retry = host_.Run(kRequest);
  ASSERT_TRUE(retry);
  EXPECT_EQ(*retry, *first);
  EXPECT_EQ(host_.StoryOf(*retry).back(), "run interrupted");
  EXPECT_EQ(host_.store.runs(), 1U);
}

TEST_F(EngineRequestId, AnotherRequestUnderTheSameIdIsRefused) {
  ASSERT_TRUE(host_.Run(kRequest));
  for (const PlanRequest& other :
       {fakes::From("0"), fakes::UpTo("1.1.0"), fakes::OutOfOrder(), fakes::Recheck()}) {
    const auto run = host_.Run({kRequest.request_id, other, ""});
    ASSERT_FALSE(run);
    EXPECT_EQ(run.error().reason, Reason::kRequestIdReused);
    EXPECT_NE(run.error().message.find(kRequest.request_id), std::string::npos);
  }
  EXPECT_EQ(host_.Run({kRequest.request_id, {}, "another digest"}).error().reason,
            Reason::kRequestIdReused);
}

TEST_F(EngineRequestId, AnotherRequestUnderTheIdOfOneInPreparationIsRefused) {
  host_.engine().Run(kRequest, fakes::Mara(), [](const auto&) {});
  EXPECT_EQ(host_.Run({kRequest.request_id, fakes::UpTo("1.1.0"), ""}).error().reason,
            Reason::kRequestIdReused);
}

TEST_F(EngineRequestId, ARequestThatWasRefusedMayBeTriedAgain) {
  host_.catalogue.Write("v1.1/001_x.py");
  EXPECT_FALSE(host_.Run(kRequest));
  host_.catalogue.Remove("v1.1/001_x.py");
  EXPECT_TRUE(host_.Run(kRequest));
}

TEST_F(EngineRequestId, WithoutOneEachRequestIsARunOfItsOwn) {
  EXPECT_NE(*host_.Run(), *host_.Run());
}

TEST_F(EngineRequestId, OthersRequestsStartOthersRuns) {
  EXPECT_NE(*host_.Run(kRequest), *host_.Run({"3f0c9d1e-0000-4000-8000-000000000002", {}, ""}));
}

TEST_F(EngineRequestId, ARetryIsJoinedEvenWhileTheDaemonStops) {
  const auto first = host_.Run(kRequest);
  host_.engine().Shutdown(std::chrono::seconds(1), [] {});
  EXPECT_EQ(*host_.Run(kRequest), *first);
  EXPECT_EQ(host_.Run().error().reason, Reason::kShuttingDown);
}

}  // namespace
}  // namespace migrationd::core

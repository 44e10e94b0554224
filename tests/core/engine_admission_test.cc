#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using Story = std::vector<std::string>;

/// Which runs may begin, and that what begins is what was planned.
class EngineAdmission : public testing::Test {
 protected:
  EngineAdmission() {
    host_.catalogue.Write("v1.1.0/001_a.py", "a");
    host_.catalogue.Write("v1.1.0/002_b.py", "b");
    host_.catalogue.Write("v1.2.0/001_c.py", "c");
    EXPECT_TRUE(host_.Start());
  }

  fakes::TestHost host_;
};

TEST_F(EngineAdmission, IsRefusedWhenSomethingIsOutOfOrder) {
  ASSERT_TRUE(host_.Run());
  host_.catalogue.Write("v1.1.0/003_late.py", "late");
  const auto refused = host_.Run();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kOutOfOrder);
  EXPECT_EQ(host_.StoryOf(*host_.Run({"", fakes::OutOfOrder(), ""})),
            (Story{"1.1.0/003_late.py applied", "run succeeded"}));
  EXPECT_EQ(host_.Status().current.Canonical(), "1.2.0");
}

TEST_F(EngineAdmission, IsAnticipatedWhenSomebodyComes) {
  host_.engine().Anticipate();
  EXPECT_EQ(host_.runner.warmed(), 1) << "nobody has looked yet: there may be something to do";
  ASSERT_TRUE(host_.Plan());
  host_.engine().Anticipate();
  EXPECT_EQ(host_.runner.warmed(), 2);
}

TEST_F(EngineAdmission, IsNotAnticipatedAgainFromThoseWhoOnlyLookIn) {
  host_.engine().Anticipate();
  static_cast<void>(host_.Status());
  host_.engine().Anticipate();
  EXPECT_EQ(host_.runner.warmed(), 1);
}

TEST_F(EngineAdmission, IsNotAnticipatedWhereNothingIsKnownToBePending) {
  ASSERT_TRUE(host_.Run());
  host_.engine().Anticipate();
  EXPECT_EQ(host_.runner.warmed(), 0);
  host_.catalogue.Write("v1.3.0/001_d.py", "d");
  ASSERT_TRUE(host_.Plan());
  host_.engine().Anticipate();
  EXPECT_EQ(host_.runner.warmed(), 1);
}

TEST_F(EngineAdmission, IsNotAnticipatedWhileNoRunCouldBegin) {
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  ASSERT_TRUE(host_.Run());
  host_.engine().Anticipate();
  EXPECT_EQ(host_.runner.warmed(), 0) << "one goes on";
  host_.engine().Shutdown(std::chrono::milliseconds(0), [] {});
  host_.executor.RunPosted();
  host_.engine().Anticipate();
  EXPECT_EQ(host_.runner.warmed(), 0) << "the daemon is stopping";
}

TEST_F(EngineAdmission, OnlyOneGoesOnAtATimeAndTheSecondIsToldWhoRunsWhatSinceWhen) {
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  const auto first = host_.Run();
  ASSERT_TRUE(first);
  const auto second = host_.Run();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kRunInProgress);
  for (const std::string& said : {first->text, std::string("mara"), std::string("1.2.0"),
                                  std::string("2023-11-14T22:13:2")}) {
    EXPECT_NE(second.error().message.find(said), std::string::npos) << second.error().message;
  }
  EXPECT_FALSE(second.error().hint.empty());
  host_.runner.Finish();
  host_.executor.RunPosted();
  EXPECT_TRUE(host_.Run());
}

TEST_F(EngineAdmission, OneThatIsBeingPreparedIsInTheWayToo) {
  bool started = false;
  host_.engine().Run({}, fakes::Mara(), [&started](const auto& run) { started = run.ok(); });
  const auto second = host_.Run();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kRunInProgress);
  EXPECT_NE(second.error().message.find("mara"), std::string::npos);
  EXPECT_TRUE(started);
}

TEST_F(EngineAdmission, TheNextMayStartAsSoonAsTheLastEventIsTold) {
  bool asked = false;
  std::optional<Result<Subscription>> second;
  host_.engine().Observe([&](const RunId&, const Event& event) {
    if (!IsTerminal(event.fact) || std::exchange(asked, true)) return;
    // A client that has read the end asks again, before the loop has tidied up.
    host_.executor.Post([&] {
      host_.engine().Run({}, fakes::Mara(),
                         [&second](Result<Subscription> run) { second = std::move(run); });
    });
  });
  ASSERT_TRUE(host_.Run());
  host_.executor.RunPosted();
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->ok()) << second->error().message;
  EXPECT_EQ(host_.store.runs(), 2U);
}

TEST_F(EngineAdmission, TheAgreedPlanIsTheOneThatRuns) {
  const auto plan = host_.Plan();
  ASSERT_TRUE(plan);
  EXPECT_TRUE(host_.Run({"", {}, plan->digest}));
}

TEST_F(EngineAdmission, APlanThatMovedIsRefusedWithWhatMoved) {
  const auto plan = host_.Plan();
  host_.catalogue.Write("v1.2.0/001_c.py", "other bytes");
  host_.catalogue.Write("v1.2.0/002_d.py");
  const auto run = host_.Run({"", {}, plan->digest});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().reason, Reason::kPlanMoved);
  EXPECT_EQ(run.error().message,
            "the plan moved since it was made, nothing was run: 1.2.0/001_c.py was changed; "
            "1.2.0/002_d.py was added");
  EXPECT_TRUE(host_.runner.started().empty());
  EXPECT_EQ(host_.store.runs(), 0U);
}

TEST_F(EngineAdmission, AChangeThatNobodyNoticedIsSeenByTheRunAndByThePlanAfterIt) {
  host_.catalogue.Watch();
  const auto plan = host_.Plan();
  host_.catalogue.Slip("v1.2.0/001_c.py", "other bytes");
  EXPECT_EQ(host_.Plan()->digest, plan->digest) << "nobody looked";
  EXPECT_EQ(host_.Run({"", {}, plan->digest}).error().reason, Reason::kPlanMoved);
  const auto next = host_.Plan();
  EXPECT_NE(next->digest, plan->digest);
  EXPECT_TRUE(host_.Run({"", {}, next->digest}));
}

TEST_F(EngineAdmission, APlanIsUsedUpByARun) {
  const auto plan = host_.Plan();
  ASSERT_TRUE(host_.Run());
  const auto run = host_.Run({"", {}, plan->digest});
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().reason, Reason::kPlanMoved);
}

TEST_F(EngineAdmission, BytesThatChangeBetweenPlanAndReadingAreNotRun) {
  ASSERT_TRUE(host_.Plan());
  host_.catalogue.ChangeAfterListing("v1.2.0/001_c.py", "pulled");
  const auto run = host_.Run();
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().reason, Reason::kPlanMoved);
  EXPECT_TRUE(host_.runner.started().empty());
}

TEST_F(EngineAdmission, AChangeUnderneathARunningPlanChangesNothing) {
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  const auto run = host_.Run();
  host_.catalogue.Write("v1.2.0/001_c.py", "pulled");
  host_.runner.Finish();
  host_.executor.RunPosted();
  EXPECT_EQ(*host_.runner.started().back().script.bytes, "c");
  EXPECT_EQ(host_.StateOnDisk().records.at("1.2.0/001_c.py").sha256, fakes::FakeSha256("c"));
}

TEST_F(EngineAdmission, ABadCatalogueStartsNothing) {
  host_.catalogue.Write("v1.1/001_x.py");
  const auto run = host_.Run();
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().reason, Reason::kCatalogueInvalid);
  EXPECT_EQ(host_.store.runs(), 0U);
  host_.catalogue.Remove("v1.1/001_x.py");
  EXPECT_TRUE(host_.Run()) << "the next is not held up by the one that was refused";
}

TEST_F(EngineAdmission, AMissingDirectoryOrInterpreterStartsNothing) {
  host_.runner.LoseInterpreter();
  EXPECT_EQ(host_.Run().error().reason, Reason::kInterpreterFailed);
  host_.runner.FindInterpreter();
  host_.catalogue.Vanish();
  EXPECT_EQ(host_.Run().error().reason, Reason::kCatalogueMissing);
  EXPECT_EQ(host_.store.runs(), 0U);
}

}  // namespace
}  // namespace migrationd::core

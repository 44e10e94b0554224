#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using fakes::CountOf;
using fakes::TheFact;
using Story = std::vector<std::string>;

class EngineCancel : public testing::Test {
 protected:
  EngineCancel() {
    host_.catalogue.Write("v1.1.0/001_a.py");
    host_.catalogue.Write("v1.1.0/002_b.py");
    host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
    EXPECT_TRUE(host_.Start());
  }

  Result<RunId> Cancel(CancelMode mode, const std::optional<RunId>& run = std::nullopt) {
    auto answer = host_.engine().Cancel(run, mode, fakes::Mara());
    host_.executor.RunPosted();
    return answer;
  }
  void FinishScript() {
    host_.runner.Finish();
    host_.executor.RunPosted();
  }

  fakes::TestHost host_;
};

TEST_F(EngineCancel, AfterCurrentLetsTheMigrationEndAndStartsNoOther) {
  const auto run = host_.Run();
  EXPECT_EQ(*Cancel(CancelMode::kAfterCurrent), *run);
  EXPECT_EQ(host_.runner.stops(), 0);
  FinishScript();
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.1.0/001_a.py applied", "run cancelled"}));
  EXPECT_TRUE(host_.StateOnDisk().records.contains("1.1.0/001_a.py"));
  EXPECT_EQ(host_.Status().current.Canonical(), "0");
}

TEST_F(EngineCancel, NowStopsTheScript) {
  const auto run = host_.Run();
  ASSERT_TRUE(Cancel(CancelMode::kNow));
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.1.0/001_a.py cancelled", "run cancelled"}));
  EXPECT_TRUE(host_.StateOnDisk().in_flight.contains("1.1.0/001_a.py"))
      << "the next run asks check() what happened";
  EXPECT_FALSE(host_.Status().failure);
  EXPECT_EQ(host_.Status().interrupted, Story{"1.1.0/001_a.py"});
}

TEST_F(EngineCancel, IsRecordedWithWhoAskedBeforeItHappens) {
  const auto run = host_.Run();
  ASSERT_TRUE(Cancel(CancelMode::kNow));
  const auto cancel = TheFact<CancelRequested>(host_.EventsOf(*run));
  EXPECT_EQ(cancel.mode, CancelMode::kNow);
  EXPECT_EQ(cancel.by.user, "mara");
  EXPECT_FALSE(cancel.shutdown);
  EXPECT_EQ(TheFact<RunEnded>(host_.EventsOf(*run)).message, "it was cancelled");
}

TEST_F(EngineCancel, CanBecomeImpatient) {
  const auto run = host_.Run();
  ASSERT_TRUE(Cancel(CancelMode::kAfterCurrent));
  ASSERT_TRUE(Cancel(CancelMode::kNow));
  EXPECT_EQ(CountOf<CancelRequested>(host_.EventsOf(*run)), 2U);
  EXPECT_EQ(host_.StoryOf(*run).back(), "run cancelled");
}

TEST_F(EngineCancel, RepeatedIsRecordedOnce) {
  const auto run = host_.Run();
  ASSERT_TRUE(Cancel(CancelMode::kAfterCurrent));
  ASSERT_TRUE(Cancel(CancelMode::kAfterCurrent));
  EXPECT_EQ(CountOf<CancelRequested>(host_.EventsOf(*run)), 1U);
}

TEST_F(EngineCancel, AfterTheLastMigrationComesTooLateAndTheRunSucceeds) {
  host_.runner.On("1.1.0/001_a.py").Applies();
  host_.runner.On("1.1.0/002_b.py").HangsUntilStopped();
  const auto run = host_.Run();
  ASSERT_TRUE(Cancel(CancelMode::kAfterCurrent));
  FinishScript();
  EXPECT_EQ(host_.StoryOf(*run).back(), "run succeeded");
}

TEST_F(EngineCancel, AFailureWhileItWaitsIsAFailure) {
  const auto run = host_.Run();
  ASSERT_TRUE(Cancel(CancelMode::kAfterCurrent));
  ScriptEnd end;
  end.how = ScriptFailed{};
  host_.runner.EndWith(std::move(end));
  host_.executor.RunPosted();
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.1.0/001_a.py failed", "run failed"}));
}

TEST_F(EngineCancel, ARunThatIsNamedMustBeTheOneThatGoesOn) {
  const auto run = host_.Run();
  EXPECT_TRUE(Cancel(CancelMode::kAfterCurrent, RunId{1, "1"}));
  EXPECT_TRUE(Cancel(CancelMode::kAfterCurrent, *run));
  const auto other = Cancel(CancelMode::kNow, RunId{2, "2"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().reason, Reason::kRunNotFound);
  EXPECT_NE(other.error().message.find(run->text), std::string::npos) << "says which one it is";
  EXPECT_EQ(host_.runner.stops(), 0);
}

TEST_F(EngineCancel, ARunOfAnotherLifeWithTheSameNumberIsAnotherRun) {
  const auto run = host_.Run();
  RunId other = MakeRunId(run->number, 0);
  if (other == *run) other = MakeRunId(run->number, 1);
  const auto cancelled = Cancel(CancelMode::kNow, other);
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().reason, Reason::kRunNotFound);
  EXPECT_EQ(host_.runner.stops(), 0);
}

TEST_F(EngineCancel, WithoutARunThereIsNothingToCancel) {
  EXPECT_EQ(Cancel(CancelMode::kNow).error().reason, Reason::kNoRunInProgress);
  host_.runner.On("1.1.0/001_a.py").Applies();
  ASSERT_TRUE(host_.Run());
  EXPECT_EQ(Cancel(CancelMode::kNow).error().reason, Reason::kNoRunInProgress);
}

TEST_F(EngineCancel, NothingFollowsTheLastEvent) {
  const auto run = host_.Run();
  host_.runner.On("1.1.0/002_b.py").Applies();
  host_.runner.Finish();
  // The last script ends, and the cancellation comes before the loop has tidied up.
  while (host_.runner.started().size() < 2 || !host_.runner.running().empty())
    ASSERT_TRUE(host_.executor.RunOne());
  const auto cancelled = host_.engine().Cancel(std::nullopt, CancelMode::kNow, fakes::Mara());
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().reason, Reason::kNoRunInProgress);
  host_.executor.RunPosted();
  EXPECT_TRUE(IsTerminal(host_.EventsOf(*run).back()->fact));
  EXPECT_EQ(CountOf<CancelRequested>(host_.EventsOf(*run)), 0U);
}

TEST_F(EngineCancel, StopsTheScriptEvenIfItCannotBeRecorded) {
  const auto run = host_.Run();
  host_.store.FailNextWrite(fakes::DiskFull());
  const auto cancelled = host_.engine().Cancel(std::nullopt, CancelMode::kNow, fakes::Mara());
  ASSERT_FALSE(cancelled);
  EXPECT_EQ(cancelled.error().reason, Reason::kStorageFull);
  EXPECT_NE(cancelled.error().message.find("is being stopped"), std::string::npos);
  EXPECT_EQ(host_.runner.stops(), 1);
  host_.executor.RunPosted();
  EXPECT_TRUE(host_.runner.running().empty());
  EXPECT_EQ(CountOf<CancelRequested>(host_.EventsOf(*run)), 0U);
}

TEST_F(EngineCancel, TheNextRunAsksCheckWhatHappened) {
  ASSERT_TRUE(host_.Run());
  ASSERT_TRUE(Cancel(CancelMode::kNow));
  host_.runner.HaveEffect("1.1.0/001_a.py");
  host_.runner.On("1.1.0/001_a.py").Applies();
  EXPECT_TRUE(host_.Plan()->migrations.front().interrupted);
  EXPECT_EQ(host_.StoryOf(*host_.Run()),
            (Story{"1.1.0/001_a.py recovered", "1.1.0/002_b.py applied", "run succeeded"}));
}

}  // namespace
}  // namespace migrationd::core

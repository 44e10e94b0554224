#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using fakes::TheFact;
using Story = std::vector<std::string>;

class EngineRecovery : public testing::Test {
 protected:
  EngineRecovery() {
    for (const char* script : {"v1.1.0/001_a.py", "v1.1.0/002_b.py", "v1.2.0/001_c.py"})
      host_.catalogue.Write(script);
    EXPECT_TRUE(host_.Start());
  }

  /// The daemon is killed while the second of three migrations runs.
  RunId CrashInTheSecond() {
    host_.runner.On("1.1.0/002_b.py").HangsUntilStopped();
    const auto run = host_.Run();
    host_.runner.Print("half way\n");
    host_.Crash();
    host_.runner.On("1.1.0/002_b.py").Applies();
    return *run;
  }

  fakes::TestHost host_;
};

TEST_F(EngineRecovery, ARunInFlightBecomesInterrupted) {
  const RunId run = CrashInTheSecond();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(host_.StoryOf(run),
            (Story{"1.1.0/001_a.py applied", "1.1.0/002_b.py interrupted", "run interrupted"}));
  const auto ended = TheFact<RunEnded>(host_.EventsOf(run));
  EXPECT_EQ(ended.message, "migrationd went away while it ran");
  EXPECT_EQ(ended.applied, 1U);
  EXPECT_EQ(ended.current_version, "0");
  EXPECT_EQ(host_.Status().interrupted, Story{"1.1.0/002_b.py"});
  EXPECT_FALSE(host_.Status().failure);
}

TEST_F(EngineRecovery, TheOneInFlightWhoseEffectIsThereIsRecovered) {
  CrashInTheSecond();
  host_.runner.HaveEffect("1.1.0/002_b.py");
  ASSERT_TRUE(host_.Start());
  const auto run = host_.Run();
  EXPECT_EQ(host_.StoryOf(*run),
            (Story{"1.1.0/002_b.py recovered", "1.2.0/001_c.py applied", "run succeeded"}));
  EXPECT_EQ(host_.StateOnDisk().records.at("1.1.0/002_b.py").outcome, Outcome::kRecovered);
  EXPECT_EQ(TheFact<RunEnded>(host_.EventsOf(*run)).applied, 2U);
  EXPECT_TRUE(host_.Status().interrupted.empty());
}

TEST_F(EngineRecovery, TheOneInFlightWhoseEffectIsNotThereIsRunAgain) {
  CrashInTheSecond();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(host_.StoryOf(*host_.Run()),
            (Story{"1.1.0/002_b.py applied", "1.2.0/001_c.py applied", "run succeeded"}));
}

TEST_F(EngineRecovery, WhatWasAppliedIsNeverRunAgain) {
  CrashInTheSecond();
  ASSERT_TRUE(host_.Start());
  ASSERT_TRUE(host_.Run());
  EXPECT_EQ(host_.runner.StartedIds(),
            (Story{"1.1.0/001_a.py", "1.1.0/002_b.py", "1.1.0/002_b.py", "1.2.0/001_c.py"}));
}

TEST_F(EngineRecovery, RunNumbersGoOn) {
  const RunId first = CrashInTheSecond();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(host_.Run()->number, first.number + 1);
}

TEST_F(EngineRecovery, ProcessesOfTheEarlierLifeAreEndedBeforeAnythingElseAndToldOf) {
  const RunId run = CrashInTheSecond();
  host_.survivors.Leave("process 4711 was still alive and was killed");
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(TheFact<NoticeGiven>(host_.EventsOf(run)).message,
            "process 4711 was still alive and was killed");
  const Story notices = host_.engine().TakeNotices();
  EXPECT_EQ(notices, (Story{"process 4711 was still alive and was killed",
                            "run " + run.text + " was interrupted; the next run settles it"}));
  EXPECT_TRUE(host_.engine().TakeNotices().empty()) << "told once";
}

TEST_F(EngineRecovery, AsLongAsOneSurvivesNothingIsStarted) {
  const RunId run = CrashInTheSecond();
  host_.survivors.Persist();
  EXPECT_EQ(host_.Start().error().reason, Reason::kSurvivors);
  EXPECT_FALSE(host_.engine().serving());
  EXPECT_EQ(host_.Run().error().reason, Reason::kSurvivors);
  EXPECT_EQ(host_.Baseline("1.1.0").error().reason, Reason::kSurvivors);
  EXPECT_TRUE(host_.Plan());
  EXPECT_NE(host_.Status().problems.at(0).find("process 4711"), std::string::npos);
  EXPECT_NE(host_.StoryOf(run).back(), "run interrupted") << "it is not over";

  host_.survivors.Yield();
  EXPECT_TRUE(host_.Run()) << "each run looks again";
  EXPECT_EQ(host_.StoryOf(run).back(), "run interrupted");
  EXPECT_TRUE(host_.engine().serving());
  EXPECT_EQ(host_.store.opens(), 2) << "the state was read already";
}

TEST_F(EngineRecovery, WhatTakesItsTimeHoldsUpOnlyWhatNeedsIt) {
  CrashInTheSecond();
  host_.survivors.Persist();
  EXPECT_FALSE(host_.Start());
  host_.survivors.Yield();
  host_.survivors.Linger();
  std::optional<Result<Subscription>> run;
  host_.engine().Run({}, fakes::Mara(),
                     [&run](Result<Subscription> answer) { run = std::move(answer); });
  EXPECT_TRUE(host_.Plan());
  EXPECT_FALSE(run);
  EXPECT_EQ(host_.Run().error().reason, Reason::kRunInProgress) << "one is being prepared";
  host_.survivors.Answer();
  host_.executor.RunPosted();
  ASSERT_TRUE(run);
  EXPECT_TRUE(run->ok());
}

TEST_F(EngineRecovery, ACrashDuringRecoveryIsRecoveredFrom) {
  const RunId run = CrashInTheSecond();
  host_.store.FailNextWrite(fakes::DiskBroken());
  EXPECT_EQ(host_.Start().error().reason, Reason::kStorageFailed);
  host_.Crash();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(host_.StoryOf(run),
            (Story{"1.1.0/001_a.py applied", "1.1.0/002_b.py interrupted", "run interrupted"}));
}

TEST_F(EngineRecovery, AFailedCheckpointDuringRecoveryIsTriedAgainByTheNextRun) {
  CrashInTheSecond();
  host_.store.FailNextCheckpoint(fakes::DiskFull());
  EXPECT_EQ(host_.Start().error().reason, Reason::kStorageFull);
  EXPECT_FALSE(host_.engine().serving());
  EXPECT_TRUE(host_.Run());
  EXPECT_TRUE(host_.engine().serving());
}

TEST_F(EngineRecovery, ACrashBetweenTwoMigrationsLosesNothing) {
  host_.runner.On("1.2.0/001_c.py").HangsUntilStopped();
  ASSERT_TRUE(host_.Run());
  host_.Crash();
  host_.runner.On("1.2.0/001_c.py").Applies();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(host_.Status().recorded, 2U);
  EXPECT_EQ(host_.StoryOf(*host_.Run()), (Story{"1.2.0/001_c.py applied", "run succeeded"}));
}

TEST_F(EngineRecovery, OutputMayBeLostWithThePowerResultsMayNot) {
  const RunId run = CrashInTheSecond();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(fakes::CountOf<OutputWritten>(host_.EventsOf(run)), 0U);
  EXPECT_EQ(host_.EventsOf(run).back()->sequence, host_.EventsOf(run).size());
}

TEST_F(EngineRecovery, WhatTheStoreHadToSayIsForTheOperator) {
  host_.Crash();
  host_.store.Notice("a torn last line was cut off");
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(host_.engine().TakeNotices(), Story{"a torn last line was cut off"});
}

TEST_F(EngineRecovery, AnotherDaemonsStateIsLeftAlone) {
  host_.Crash();
  host_.store.Damage(
      {Reason::kStateLocked, "another migrationd (process 99) owns the state", "Stop it."});
  EXPECT_EQ(host_.Start().error().reason, Reason::kStateLocked);
  EXPECT_EQ(host_.survivors.looks(), 1)
      << "only the first life looked: these processes are the other's";
}

TEST_F(EngineRecovery, TimeMayGoBackwards) {
  CrashInTheSecond();
  host_.clock.SetBack(std::chrono::hours(1));
  ASSERT_TRUE(host_.Start());
  const auto run = host_.Run();
  ASSERT_TRUE(run);
  EXPECT_EQ(host_.store.ListRuns(0, 10)->front().id, *run)
      << "history is ordered by number, not by time";
}

}  // namespace
}  // namespace migrationd::core

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using fakes::CountOf;
using fakes::TheFact;
using Story = std::vector<std::string>;

class EngineStorage : public testing::Test {
 protected:
  EngineStorage() {
    for (const char* script : {"v1.1.0/001_a.py", "v1.1.0/002_b.py", "v1.2.0/001_c.py"})
      host_.catalogue.Write(script);
    EXPECT_TRUE(host_.Start());
    host_.engine().OnHealthChange([this](bool serving) { health_.push_back(serving); });
  }

  /// Starts a run whose first script hangs.
  RunId RunThatHangs() {
    host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
    feed_.reset();
    std::optional<Result<Subscription>> run;
    host_.engine().Run({}, fakes::Mara(),
                       [&run](Result<Subscription> answer) { run = std::move(answer); });
    host_.executor.RunPosted();
    feed_ = run->value().feed;
    return run->value().run;
  }
  void FinishScript() {
    host_.runner.Finish();
    host_.executor.RunPosted();
  }

  fakes::TestHost host_;
  std::shared_ptr<EventFeed> feed_;
  std::vector<bool> health_;
};

TEST_F(EngineStorage, NoRoomIsRefusedBeforeAnythingStarts) {
  host_.store.FillUp();
  const auto run = host_.Run();
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().reason, Reason::kStorageFull);
  EXPECT_NE(run.error().message.find("no run can be started"), std::string::npos);
  EXPECT_TRUE(host_.runner.started().empty());
  EXPECT_TRUE(host_.Plan()) << "questions are still answered";
  host_.store.MakeRoom();
  EXPECT_TRUE(host_.Run());
}

TEST_F(EngineStorage, AFullDiskMakesTheHostUnwellUntilThereIsRoomAgain) {
  host_.store.FillUp();
  ASSERT_FALSE(host_.Run());
  EXPECT_FALSE(host_.engine().serving());
  host_.executor.Pass(std::chrono::seconds(60));
  EXPECT_FALSE(host_.engine().serving()) << "it has looked, and there is none";
  EXPECT_NE(host_.Status().problems, Story());
  host_.store.MakeRoom();
  host_.executor.Pass(std::chrono::seconds(60));
  EXPECT_TRUE(host_.engine().serving()) << "nobody had to ask for a run";
  EXPECT_EQ(host_.Status().problems, Story());
}

TEST_F(EngineStorage, NoRoomBetweenTwoMigrationsHaltsHonestly) {
  host_.store.FillUp(1);
  const auto run = host_.Run();
  ASSERT_TRUE(run);
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.1.0/001_a.py applied", "run failed"}));
  EXPECT_EQ(
      TheFact<RunEnded>(host_.EventsOf(*run)).message.find("halted before the next migration"), 0U);
  EXPECT_TRUE(host_.StateOnDisk().records.contains("1.1.0/001_a.py"));
  EXPECT_EQ(host_.runner.started().size(), 1U);
  EXPECT_TRUE(host_.StateOnDisk().in_flight.empty()) << "the next one was not started";
  host_.store.MakeRoom();
  EXPECT_EQ(host_.StoryOf(*host_.Run()).back(), "run succeeded");
}

TEST_F(EngineStorage, ARunWhoseBeginningCannotBeStoredDoesNotBegin) {
  host_.store.FailNextWrite(fakes::DiskBroken());
  const auto run = host_.Run();
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().reason, Reason::kStorageFailed);
  EXPECT_FALSE(host_.runner.HasEffect("1.1.0/001_a.py"));
  EXPECT_TRUE(host_.runner.StartedIds().empty()) << "none goes on after its check()";
  EXPECT_EQ(host_.runner.stops(), 1) << "and the one that was asked is stopped";
  EXPECT_EQ(host_.runner.running(), "");
  EXPECT_TRUE(host_.observed.empty());
  EXPECT_FALSE(host_.engine().serving());
  EXPECT_EQ(host_.StoryOf(*host_.Run()).back(), "run succeeded") << "once the disk is well again";
}

TEST_F(EngineStorage, AResultThatCannotBeStoredIsToldToNobody) {
  const RunId run = RunThatHangs();
  const std::uint64_t told = feed_->last_sequence();
  host_.store.FailNextWrite(fakes::DiskBroken());
  FinishScript();
  EXPECT_EQ(feed_->last_sequence(), told);
  ASSERT_TRUE(feed_->ReadAfter(told, 1000).error);
  EXPECT_EQ(feed_->ReadAfter(told, 1000).error->reason, Reason::kStorageFailed);
  EXPECT_EQ(host_.observed.back().second.sequence, told);
  EXPECT_EQ(host_.runner.StartedIds().size(), 1U) << "no other goes on after its check()";
  EXPECT_EQ(host_.runner.stops(), 1) << "and the one that was asked is stopped";
  EXPECT_EQ(host_.runner.running(), "");
  EXPECT_EQ(host_.EventsOf(run).size(), told);
}

TEST_F(EngineStorage, TheHostIsUnwellAfterAFailedWriteAndStillAnswersQuestions) {
  RunThatHangs();
  host_.store.FailNextWrite(fakes::DiskBroken());
  FinishScript();
  EXPECT_EQ(health_, (std::vector<bool>{true, false}));
  EXPECT_TRUE(host_.Plan());
  const StatusReport status = host_.Status();
  ASSERT_EQ(status.problems.size(), 1U);
  EXPECT_EQ(status.problems[0],
            "cannot write the run log: Input/output error. Look after the disk.");
  EXPECT_FALSE(status.current_run);
}

TEST_F(EngineStorage, TheNextRunOpensTheStoreAgainAndRecovers) {
  const RunId broken = RunThatHangs();
  host_.store.FailNextWrite(fakes::DiskBroken());
  FinishScript();
  host_.runner.On("1.1.0/001_a.py").Applies();
  const auto next = host_.Run();
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(host_.store.opens(), 2);
  EXPECT_EQ(host_.StoryOf(broken), (Story{"1.1.0/001_a.py interrupted", "run interrupted"}));
  EXPECT_EQ(host_.StoryOf(*next), (Story{"1.1.0/001_a.py recovered", "1.1.0/002_b.py applied",
                                         "1.2.0/001_c.py applied", "run succeeded"}));
  EXPECT_EQ(health_.back(), true);
}

TEST_F(EngineStorage, WhatReachedTheDiskAlthoughTheWriteFailedIsNotRunAgain) {
  const RunId run = RunThatHangs();
  // A failed fsync says nothing about what is on the disk.
  host_.store.FailNextWrite(fakes::DiskBroken(), true);
  FinishScript();
  EXPECT_FALSE(feed_->ReadAfter(feed_->last_sequence(), 1000).complete);
  const auto next = host_.Run();
  ASSERT_TRUE(next);
  EXPECT_EQ(host_.StoryOf(run),
            (Story{"1.1.0/001_a.py applied", "1.1.0/002_b.py interrupted", "run interrupted"}));
  EXPECT_EQ(host_.StoryOf(*next),
            (Story{"1.1.0/002_b.py applied", "1.2.0/001_c.py applied", "run succeeded"}));
}

TEST_F(EngineStorage, OutputThatCannotBeStoredEndsTheRunAfterTheScript) {
  const RunId run = RunThatHangs();
  host_.store.FailNextWrite(fakes::DiskFull());
  host_.runner.Print("lost\n");
  host_.runner.Print("lost too\n");
  host_.runner.Report(100, 100);
  EXPECT_EQ(host_.runner.stops(), 0) << "a migration is not broken off for its output";
  FinishScript();
  EXPECT_EQ(CountOf<OutputWritten>(host_.EventsOf(run)), 0U);
  EXPECT_EQ(CountOf<MigrationEnded>(host_.EventsOf(run)), 0U);
  EXPECT_EQ(host_.runner.started().size(), 1U);
  EXPECT_FALSE(host_.engine().serving());
  EXPECT_EQ(host_.StoryOf(*host_.Run()).front(), "1.1.0/001_a.py recovered");
}

TEST_F(EngineStorage, ProgressThatCannotBeStoredEndsTheRunAfterTheScript) {
  const RunId run = RunThatHangs();
  host_.store.FailNextWrite(fakes::DiskFull());
  host_.runner.Report(100, 100);
  FinishScript();
  EXPECT_EQ(CountOf<ProgressReported>(host_.EventsOf(run)), 0U);
  EXPECT_FALSE(host_.engine().serving());
}

TEST_F(EngineStorage, AStateFileThatCannotBeWrittenIsAProblemNotALoss) {
  host_.store.FailNextCheckpoint(fakes::DiskFull());
  const auto run = host_.Run();
  EXPECT_EQ(host_.StoryOf(*run).back(), "run succeeded") << "the log is the record";
  EXPECT_FALSE(host_.engine().serving());
  EXPECT_EQ(host_.Status().current.Canonical(), "1.2.0");
  EXPECT_EQ(host_.StoryOf(*host_.Run()), Story{"run succeeded"});
  EXPECT_TRUE(host_.engine().serving());
}

TEST_F(EngineStorage, AnEntryThatCannotBeStoredSettlesNothing) {
  host_.store.FailNextWrite(fakes::DiskFull());
  const auto resolved = host_.Resolve("1.1.0/001_a.py", Resolution::kSkipped);
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().message.find("nothing was settled"), 0U);
  EXPECT_TRUE(host_.observed.empty());
  EXPECT_EQ(host_.Status().recorded, 0U);
  EXPECT_TRUE(host_.Resolve("1.1.0/001_a.py", Resolution::kSkipped))
      << "the store was opened again";
}

/// A daemon that starts on a state which cannot be opened.
class EngineOnBadState : public testing::Test {
 protected:
  EngineOnBadState() {
    host_.catalogue.Write("v1.1.0/001_a.py");
    EXPECT_TRUE(host_.Start());
    EXPECT_TRUE(host_.Run());
    host_.Crash();
  }

  fakes::TestHost host_;
};

TEST_F(EngineOnBadState, ADamagedOneIsNeverTakenAsEmpty) {
  host_.store.Damage({Reason::kStateDamaged,
                      "the state file '/state/migration_state.json' fails its checksum",
                      "Put a copy from the backup there."});
  EXPECT_EQ(host_.Start().error().reason, Reason::kStateDamaged);
  EXPECT_EQ(host_.Run().error().reason, Reason::kStateDamaged);
  EXPECT_EQ(host_.Plan().error().reason, Reason::kStateDamaged);
  EXPECT_EQ(host_.Resolve("1.1.0/001_a.py", Resolution::kPending).error().reason,
            Reason::kStateDamaged);
  EXPECT_EQ(host_.Baseline("1.0").error().reason, Reason::kStateDamaged);
  const StatusReport status = host_.Status();
  ASSERT_EQ(status.problems.size(), 1U);
  EXPECT_NE(status.problems[0].find("Put a copy from the backup there."), std::string::npos);
  EXPECT_FALSE(host_.engine().serving());
}

TEST_F(EngineOnBadState, OneThatCannotBeReadIsNotTakenAsEmptyEither) {
  host_.store.Damage({Reason::kStorageFailed,
                      "cannot read '/state/migration_state.json': Input/output error", ""});
  EXPECT_EQ(host_.Start().error().reason, Reason::kStorageFailed);
  const auto plan = host_.Plan();
  ASSERT_FALSE(plan) << "everything would seem to be pending";
  EXPECT_EQ(plan.error().reason, Reason::kStorageFailed);
}

TEST_F(EngineOnBadState, OneThatWasMendedIsReadByTheNextRun) {
  host_.store.Damage({Reason::kStateDamaged, "damaged", ""});
  EXPECT_FALSE(host_.Start());
  host_.store.Mend();
  EXPECT_EQ(host_.StoryOf(*host_.Run()), Story{"run succeeded"})
      << "what was applied is known again";
  EXPECT_TRUE(host_.engine().serving());
}

}  // namespace
}  // namespace migrationd::core

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using fakes::CountOf;
using fakes::TheFact;
using Story = std::vector<std::string>;

class EngineRun : public testing::Test {
 protected:
  EngineRun() {
    host_.catalogue.Write("v1.1.0/001_a.py", "a");
    host_.catalogue.Write("v1.1.0/002_b.py", "b");
    host_.catalogue.Write("v1.2.0/001_c.py", "c");
    EXPECT_TRUE(host_.Start());
  }

  fakes::TestHost host_;
};

TEST_F(EngineRun, AppliesEverythingPendingInOrder) {
  const auto run = host_.Run();
  ASSERT_TRUE(run);
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.1.0/001_a.py applied", "1.1.0/002_b.py applied",
                                        "1.2.0/001_c.py applied", "run succeeded"}));
  EXPECT_EQ(host_.Status().current.Canonical(), "1.2.0");
  EXPECT_EQ(host_.StateOnDisk().records.size(), 3U);
}

TEST_F(EngineRun, ItsLogBeginsWithWhoAskedForWhat) {
  const auto events = host_.EventsOf(*host_.Run({"", fakes::UpTo("1.1.0"), ""}));
  const auto started = TheFact<RunStarted>(events);
  EXPECT_EQ(events.front()->sequence, 1U);
  EXPECT_TRUE(std::holds_alternative<RunStarted>(events.front()->fact));
  EXPECT_EQ(started.kind, RunKind::kRun);
  EXPECT_EQ(started.by.user, "mara");
  EXPECT_EQ(started.from_version, "0");
  EXPECT_EQ(started.to_version, "1.1.0");
  EXPECT_EQ(started.total, 2U);
  EXPECT_FALSE(started.plan_digest.empty());
}

TEST_F(EngineRun, ItsLogEndsWithHowItWent) {
  host_.runner.On("1.1.0/002_b.py").WasApplied();
  const auto events = host_.EventsOf(*host_.Run());
  ASSERT_TRUE(IsTerminal(events.back()->fact));
  const auto ended = TheFact<RunEnded>(events);
  EXPECT_EQ(ended.outcome, RunOutcome::kSucceeded);
  EXPECT_EQ(ended.current_version, "1.2.0");
  EXPECT_EQ(ended.applied, 2U);
  EXPECT_EQ(ended.already_applied, 1U);
  EXPECT_EQ(ended.message, "");
}

TEST_F(EngineRun, EventsAreNumberedFromOneWithoutAGap) {
  const auto events = host_.EventsOf(*host_.Run());
  for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(events[i]->sequence, i + 1);
}

TEST_F(EngineRun, TellsEachScriptItsPlaceInTheRun) {
  const auto run = host_.Run();
  const ScriptJob& job = host_.runner.started().at(2);
  EXPECT_EQ(job.migration_id, "1.2.0/001_c.py");
  EXPECT_EQ(job.purpose, ScriptJob::Purpose::kMigrate);
  EXPECT_EQ(job.run_id, run->text);
  EXPECT_EQ(job.from_version, "0");
  EXPECT_EQ(job.to_version, "1.2.0");
  EXPECT_EQ(job.script.path, "/migrations/v1.2.0/001_c.py");
  EXPECT_EQ(*job.script.bytes, "c");
  std::vector<std::uint64_t> positions;
  for (const EventPtr& event : host_.EventsOf(*run)) {
    if (const auto* started = std::get_if<MigrationStarted>(&event->fact))
      positions.push_back(started->position);
  }
  EXPECT_EQ(positions, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(EngineRun, AScriptsOwnTimeOutGoesWithIt) {
  ScriptFacts facts;
  facts.timeout = std::chrono::seconds(5);
  host_.runner.Parses("v1.1.0/001_a.py", facts);
  ASSERT_TRUE(host_.Run());
  EXPECT_EQ(host_.runner.started()[0].timeout, std::chrono::seconds(5));
  EXPECT_EQ(host_.runner.started()[1].timeout, std::nullopt);
}

TEST_F(EngineRun, CheckThatSaysTrueSkipsTheMigration) {
  host_.runner.On("1.1.0/001_a.py").WasApplied();
  const auto run = host_.Run();
  EXPECT_EQ(host_.StoryOf(*run).front(), "1.1.0/001_a.py already applied");
  EXPECT_EQ(host_.StateOnDisk().records.at("1.1.0/001_a.py").outcome, Outcome::kAlreadyApplied);
}

TEST_F(EngineRun, HaltsAtTheFirstFailureAndKeepsWhatWasApplied) {
  host_.runner.On("1.1.0/002_b.py").FailsIn(Phase::kMigrate, "no such table");
  const auto run = host_.Run();
  EXPECT_EQ(host_.StoryOf(*run),
            (Story{"1.1.0/001_a.py applied", "1.1.0/002_b.py failed", "run failed"}));
  EXPECT_EQ(host_.runner.StartedIds().back(), "1.1.0/002_b.py") << "nothing is started after it";
  EXPECT_TRUE(host_.StateOnDisk().records.contains("1.1.0/001_a.py"));
  EXPECT_FALSE(host_.StateOnDisk().records.contains("1.1.0/002_b.py"));
  EXPECT_EQ(host_.Status().current.Canonical(), "0")
      << "the version moves with a run that ends well";
  EXPECT_EQ(TheFact<RunEnded>(host_.EventsOf(*run)).message, "1.1.0/002_b.py did not end well");
}

TEST_F(EngineRun, AFailureIsShownUntilALaterRunPassesIt) {
  host_.runner.On("1.1.0/002_b.py").FailsIn(Phase::kVerify, "not effective");
  ASSERT_TRUE(host_.Run());
  ASSERT_TRUE(host_.Status().failure);
  EXPECT_EQ(host_.Status().failure->failure.phase, Phase::kVerify);
  EXPECT_EQ(host_.Status().failure->failure.message, "not effective");
  host_.runner.On("1.1.0/002_b.py").Applies();
  const auto second = host_.Run();
  EXPECT_EQ(host_.StoryOf(*second),
            (Story{"1.1.0/002_b.py applied", "1.2.0/001_c.py applied", "run succeeded"}));
  EXPECT_FALSE(host_.Status().failure);
}

TEST_F(EngineRun, ATimeOutHaltsToo) {
  host_.runner.On("1.1.0/001_a.py").TimesOut();
  EXPECT_EQ(host_.StoryOf(*host_.Run()), (Story{"1.1.0/001_a.py timed out", "run failed"}));
}

TEST_F(EngineRun, WithNothingToDoItSucceedsAtOnce) {
  ASSERT_TRUE(host_.Run());
  const auto again = host_.Run();
  EXPECT_EQ(host_.StoryOf(*again), Story{"run succeeded"});
  EXPECT_EQ(TheFact<RunStarted>(host_.EventsOf(*again)).total, 0U);
  EXPECT_EQ(host_.runner.started().size(), 3U);
}

TEST_F(EngineRun, FromEqualToToSucceedsWithoutStartingAnything) {
  EXPECT_EQ(host_.StoryOf(*host_.Run({"", fakes::Between("1.1.0", "1.1.0"), ""})),
            Story{"run succeeded"});
  EXPECT_TRUE(host_.runner.started().empty());
}

TEST_F(EngineRun, ThatBeganAboveTheCurrentVersionDoesNotMoveIt) {
  const auto run = host_.Run({"", fakes::From("1.1.0"), ""});
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.2.0/001_c.py applied", "run succeeded"}));
  EXPECT_EQ(host_.Status().current.Canonical(), "0") << "what lies between was left out";
}

TEST_F(EngineRun, RecheckReportsWhatIsNoLongerEffectiveAndGoesOn) {
  ASSERT_TRUE(host_.Run({"", fakes::UpTo("1.1.0"), ""}));
  host_.runner.UndoEffect("1.1.0/001_a.py");
  const auto run = host_.Run({"", fakes::Recheck(), ""});
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.1.0/001_a.py not effective", "1.1.0/002_b.py effective",
                                        "1.2.0/001_c.py applied", "run succeeded"}));
  EXPECT_EQ(TheFact<RunStarted>(host_.EventsOf(*run)).total, 1U) << "rechecks are not counted";
  EXPECT_EQ(CountOf<MigrationStarted>(host_.EventsOf(*run)), 1U);
  EXPECT_EQ(host_.runner.started()[2].purpose, ScriptJob::Purpose::kCheck);
  EXPECT_EQ(host_.StateOnDisk().records.size(), 3U) << "nothing is forgotten";
}

TEST_F(EngineRun, ARecheckThatCannotAnswerSaysWhyAndGoesOn) {
  ASSERT_TRUE(host_.Run());
  host_.runner.On("1.1.0/002_b.py").FailsIn(Phase::kCheck, "no such table");
  const auto run = host_.Run({"", fakes::Recheck(), ""});
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.1.0/001_a.py effective", "1.1.0/002_b.py not effective",
                                        "1.2.0/001_c.py effective", "run succeeded"}));
}

TEST_F(EngineRun, TheNextScriptIsGotReadyWhileOneRuns) {
  ASSERT_TRUE(host_.Run());
  EXPECT_EQ(host_.runner.prepared(), (Story{"1.1.0/002_b.py", "1.2.0/001_c.py"}));
  EXPECT_EQ(host_.runner.rests(), 1);
}

TEST_F(EngineRun, ScriptsFurtherAheadAreCompiledOnceEachAndInOrder) {
  Story expected{"v1.2.0/001_c.py"};
  for (int i = 100; i < 200; ++i) {
    expected.push_back("v1.3.0/" + std::to_string(i) + "_d.py");
    host_.catalogue.Write(expected.back());
  }
  for (std::string& path : expected) path = std::string(fakes::FakeCatalogue::kRoot) + "/" + path;
  host_.runner.On("1.3.0/150_d.py").HangsUntilStopped();
  host_.engine().Run({}, fakes::Mara(), [](const Result<Subscription>& /*answer*/) {});
  host_.executor.RunPosted();
  const std::size_t some = host_.runner.compiled().size();
  EXPECT_GT(some, 52U) << "beyond the one that runs";
  EXPECT_LT(some, expected.size()) << "but not all there are";
  host_.runner.Finish();
  host_.executor.RunPosted();
  EXPECT_EQ(host_.runner.compiled(), expected);
}

TEST_F(EngineRun, WhatTheRunnerNoticedIsAnEventBeforeTheEnd) {
  host_.runner.On("1.1.0/001_a.py").LeavesBehind("process 4711 was left behind and killed");
  const auto events = host_.EventsOf(*host_.Run());
  const auto notice = TheFact<NoticeGiven>(events);
  EXPECT_EQ(notice.migration_id, "1.1.0/001_a.py");
  EXPECT_EQ(notice.message, "process 4711 was left behind and killed");
}

TEST_F(EngineRun, AnObserverIsToldEveryEventInOrder) {
  const auto run = host_.Run();
  const auto events = host_.EventsOf(*run);
  ASSERT_EQ(host_.observed.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(host_.observed[i].first, *run);
    EXPECT_EQ(host_.observed[i].second.sequence, i + 1);
  }
}

}  // namespace
}  // namespace migrationd::core

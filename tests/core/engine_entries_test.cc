#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using fakes::TheFact;
using Story = std::vector<std::string>;

class EngineEntries : public testing::Test {
 protected:
  EngineEntries() {
    host_.catalogue.Write("v1.1.0/001_a.py", "a");
    host_.catalogue.Write("v1.2.0/001_b.py", "b");
    EXPECT_TRUE(host_.Start());
  }

  Result<RunId> ResolveAs(const ResolveRequest& request) {
    std::optional<Result<RunId>> answer;
    host_.engine().Resolve(request, fakes::Mara(),
                           [&answer](Result<RunId> run) { answer = std::move(run); });
    host_.executor.RunPosted();
    return answer.value();
  }

  fakes::TestHost host_;
};

TEST_F(EngineEntries, AResolutionIsAnEntryWithWhoWhatAndWhy) {
  const auto entry = host_.Resolve("1.1.0/001_a.py", Resolution::kSkipped, "not on this host");
  ASSERT_TRUE(entry);
  const auto events = host_.EventsOf(*entry);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(TheFact<RunStarted>(events).kind, RunKind::kResolve);
  EXPECT_EQ(TheFact<RunStarted>(events).by.user, "mara");
  const auto resolved = TheFact<MigrationResolved>(events);
  EXPECT_EQ(resolved.migration_id, "1.1.0/001_a.py");
  EXPECT_EQ(resolved.resolution, Resolution::kSkipped);
  EXPECT_EQ(resolved.reason, "not on this host");
  EXPECT_EQ(resolved.sha256, fakes::FakeSha256("a"));
  EXPECT_TRUE(IsTerminal(events.back()->fact));
  EXPECT_EQ(host_.observed.size(), 3U);
}

TEST_F(EngineEntries, AppliedAndSkippedAreNotRun) {
  ASSERT_TRUE(host_.Resolve("1.1.0/001_a.py", Resolution::kApplied));
  ASSERT_TRUE(host_.Resolve("1.2.0/001_b.py", Resolution::kSkipped));
  EXPECT_EQ(host_.StoryOf(*host_.Run()), Story{"run succeeded"});
}

TEST_F(EngineEntries, PendingIsRunAgain) {
  ASSERT_TRUE(host_.Run());
  ASSERT_TRUE(host_.Resolve("1.2.0/001_b.py", Resolution::kPending));
  host_.runner.UndoEffect("1.2.0/001_b.py");
  EXPECT_EQ(host_.Status().out_of_order, 1U);
  EXPECT_EQ(host_.StoryOf(*host_.Run({"", fakes::OutOfOrder(), ""})),
            (Story{"1.2.0/001_b.py applied", "run succeeded"}));
}

TEST_F(EngineEntries, AResolutionIsDurableAndOutlivesACrash) {
  ASSERT_TRUE(host_.Resolve("1.1.0/001_a.py", Resolution::kApplied, "by hand"));
  host_.Crash();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(host_.StateOnDisk().records.at("1.1.0/001_a.py").reason, "by hand");
  EXPECT_EQ(host_.Plan()->migrations[0].action, Action::kRecorded);
}

TEST_F(EngineEntries, AResolutionSettlesWhatIsOutOfOrderOrFailed) {
  host_.runner.On("1.1.0/001_a.py").FailsIn(Phase::kMigrate, "boom");
  ASSERT_TRUE(host_.Run());
  ASSERT_TRUE(host_.Status().failure);
  ASSERT_TRUE(host_.Resolve("1.1.0/001_a.py", Resolution::kApplied));
  EXPECT_FALSE(host_.Status().failure);
  EXPECT_EQ(host_.StoryOf(*host_.Run()), (Story{"1.2.0/001_b.py applied", "run succeeded"}));
}

TEST_F(EngineEntries, AResolutionDoesNotMoveTheVersion) {
  ASSERT_TRUE(host_.Resolve("1.1.0/001_a.py", Resolution::kApplied));
  EXPECT_FALSE(host_.StateOnDisk().current_version);
  ASSERT_TRUE(host_.Run());
  ASSERT_TRUE(host_.Resolve("1.1.0/001_a.py", Resolution::kSkipped));
  EXPECT_EQ(host_.Status().current.Canonical(), "1.2.0");
}

TEST_F(EngineEntries, AMigrationThatOnlyTheStateKnowsCanBeResolved) {
  ASSERT_TRUE(host_.Run());
  host_.catalogue.Remove("v1.2.0/001_b.py");
  const auto entry = host_.Resolve("1.2.0/001_b.py", Resolution::kPending);
  ASSERT_TRUE(entry);
  EXPECT_EQ(TheFact<MigrationResolved>(host_.EventsOf(*entry)).sha256, "");
  EXPECT_TRUE(host_.Plan()->missing.empty());
}

TEST_F(EngineEntries, OneThatNobodyKnowsIsRefusedWithASuggestion) {
  const auto typo = host_.Resolve("1.1.0/001_b.py", Resolution::kApplied);
  ASSERT_FALSE(typo);
  EXPECT_EQ(typo.error().reason, Reason::kMigrationNotFound);
  EXPECT_EQ(typo.error().hint, "Did you mean '1.1.0/001_a.py'?");
  EXPECT_EQ(host_.Resolve("nonsense", Resolution::kApplied).error().hint,
            "`telec migrate --dry-run` lists the ids.");
  EXPECT_EQ(host_.store.runs(), 0U);
}

TEST_F(EngineEntries, AResolutionNeedsAReason) {
  const auto silent = host_.Resolve("1.1.0/001_a.py", Resolution::kApplied, "");
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().reason, Reason::kInvalidArgument);
}

TEST_F(EngineEntries, ARetryIsAnsweredFromTheRecord) {
  const ResolveRequest request{"uuid-1", "1.1.0/001_a.py", Resolution::kApplied, "by hand"};
  const auto first = ResolveAs(request);
  EXPECT_EQ(*ResolveAs(request), *first);
  host_.Crash();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(*ResolveAs(request), *first);
  EXPECT_EQ(ResolveAs({"uuid-1", "1.1.0/001_a.py", Resolution::kSkipped, "by hand"}).error().reason,
            Reason::kRequestIdReused);
  EXPECT_EQ(host_.store.runs(), 1U);
}

TEST_F(EngineEntries, TwoRetriesAtTheSameTimeMakeOneEntry) {
  const ResolveRequest request{"uuid-1", "1.1.0/001_a.py", Resolution::kApplied, "by hand"};
  std::vector<RunId> entries;
  for (int i = 0; i < 2; ++i) {
    host_.engine().Resolve(request, fakes::Mara(),
                           [&entries](const Result<RunId>& run) { entries.push_back(*run); });
  }
  host_.executor.RunPosted();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0], entries[1]);
  EXPECT_EQ(host_.store.runs(), 1U);
}

TEST_F(EngineEntries, ABaselineSaysWhereAnInstallationBegins) {
  const auto entry = host_.Baseline("1.1");
  ASSERT_TRUE(entry);
  const auto events = host_.EventsOf(*entry);
  EXPECT_EQ(TheFact<RunStarted>(events).kind, RunKind::kBaseline);
  EXPECT_EQ(TheFact<RunStarted>(events).from_version, "0");
  EXPECT_EQ(TheFact<RunStarted>(events).to_version, "1.1");
  EXPECT_EQ(TheFact<BaselineSet>(events).version, "1.1");
  EXPECT_EQ(TheFact<BaselineSet>(events).reason, "a fresh installation");
  EXPECT_EQ(host_.Status().current.Canonical(), "1.1");
  EXPECT_TRUE(host_.runner.started().empty());
}

TEST_F(EngineEntries, ABaselineIsWrittenCanonically) {
  ASSERT_TRUE(host_.Baseline("v1.2.0-RC.1"));
  EXPECT_EQ(host_.StateOnDisk().current_version, "1.2.0rc1");
}

TEST_F(EngineEntries, ABaselineMustBeAVersion) {
  const auto baseline = host_.Baseline("latest");
  ASSERT_FALSE(baseline);
  EXPECT_EQ(baseline.error().reason, Reason::kInvalidVersion);
  EXPECT_NE(baseline.error().message.find("'latest'"), std::string::npos);
}

TEST_F(EngineEntries, NothingIsSettledWhileARunGoesOn) {
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  ASSERT_TRUE(host_.Run());
  for (const auto& refused :
       {host_.Resolve("1.2.0/001_b.py", Resolution::kSkipped), host_.Baseline("1.2.0")}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, Reason::kRunInProgress);
  }
}

TEST_F(EngineEntries, ARunThatStartsWhileAResolutionIsBeingReadWins) {
  std::optional<Result<RunId>> resolved;
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  host_.engine().Resolve({"", "1.2.0/001_b.py", Resolution::kSkipped, "because"}, fakes::Mara(),
                         [&resolved](Result<RunId> run) { resolved = std::move(run); });
  ASSERT_TRUE(host_.Run());
  ASSERT_TRUE(resolved);
  // Either order is right; what is not is an entry in the middle of a run.
  if (!resolved->ok()) {
    EXPECT_EQ(resolved->error().reason, Reason::kRunInProgress);
  }
  host_.runner.Finish();
  host_.executor.RunPosted();
  EXPECT_TRUE(host_.engine().serving());
}

}  // namespace
}  // namespace migrationd::core

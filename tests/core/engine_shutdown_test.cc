#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using fakes::TheFact;
using std::chrono::seconds;
using Story = std::vector<std::string>;

class EngineShutdown : public testing::Test {
 protected:
  EngineShutdown() {
    host_.catalogue.Write("v1.1.0/001_a.py");
    host_.catalogue.Write("v1.1.0/002_b.py");
    host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
    EXPECT_TRUE(host_.Start());
  }

  void Shutdown() {
    host_.engine().Shutdown(seconds(60), [this] { ++done_; });
    host_.executor.RunPosted();
  }

  fakes::TestHost host_;
  int done_ = 0;
};

TEST_F(EngineShutdown, WithoutARunIsDoneAtOnce) {
  Shutdown();
  EXPECT_EQ(done_, 1);
}

TEST_F(EngineShutdown, LetsTheCurrentMigrationEndWithinTheGrace) {
  const auto run = host_.Run();
  Shutdown();
  EXPECT_EQ(done_, 0);
  host_.executor.Pass(seconds(59));
  EXPECT_EQ(host_.runner.stops(), 0);
  host_.runner.Finish();
  host_.executor.RunPosted();
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.1.0/001_a.py applied", "run interrupted"}));
  EXPECT_EQ(TheFact<RunEnded>(host_.EventsOf(*run)).message, "migrationd was stopped");
  EXPECT_TRUE(TheFact<CancelRequested>(host_.EventsOf(*run)).shutdown);
  host_.executor.Pass(seconds(60));
  EXPECT_EQ(host_.runner.stops(), 0) << "the timer went with the run";
}

TEST_F(EngineShutdown, InterruptsTheMigrationWhenTheGraceIsOver) {
  const auto run = host_.Run();
  Shutdown();
  host_.executor.Pass(seconds(60));
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(host_.StoryOf(*run), (Story{"1.1.0/001_a.py interrupted", "run interrupted"}));
}

TEST_F(EngineShutdown, TheInterruptedMigrationIsSettledByTheNextLife) {
  ASSERT_TRUE(host_.Run());
  Shutdown();
  host_.executor.Pass(seconds(60));
  host_.Crash();
  host_.runner.HaveEffect("1.1.0/001_a.py");
  host_.runner.On("1.1.0/001_a.py").Applies();
  ASSERT_TRUE(host_.Start());
  EXPECT_EQ(host_.StoryOf(*host_.Run()),
            (Story{"1.1.0/001_a.py recovered", "1.1.0/002_b.py applied", "run succeeded"}));
}

TEST_F(EngineShutdown, StartsNothingAnyMore) {
  Shutdown();
  EXPECT_EQ(host_.Run().error().reason, Reason::kShuttingDown);
  EXPECT_EQ(host_.Resolve("1.1.0/001_a.py", Resolution::kSkipped).error().reason,
            Reason::kShuttingDown);
  EXPECT_EQ(host_.Baseline("1.1.0").error().reason, Reason::kShuttingDown);
  EXPECT_FALSE(host_.engine().serving());
  EXPECT_EQ(host_.Status().problems, Story{"migrationd is stopping."});
  EXPECT_TRUE(host_.Plan()) << "questions are still answered";
}

TEST_F(EngineShutdown, ARunInPreparationIsRefused) {
  std::optional<Result<Subscription>> answer;
  host_.engine().Run({}, fakes::Mara(),
                     [&answer](Result<Subscription> run) { answer = std::move(run); });
  Shutdown();
  ASSERT_TRUE(answer);
  ASSERT_FALSE(answer->ok());
  EXPECT_EQ(answer->error().reason, Reason::kShuttingDown);
  EXPECT_EQ(host_.store.runs(), 0U);
}

TEST_F(EngineShutdown, ARunThatSomeoneCancelledBeforeStaysCancelled) {
  const auto run = host_.Run();
  ASSERT_TRUE(host_.engine().Cancel(std::nullopt, CancelMode::kAfterCurrent, fakes::Mara()));
  Shutdown();
  host_.runner.Finish();
  host_.executor.RunPosted();
  EXPECT_EQ(host_.StoryOf(*run).back(), "run cancelled");
  EXPECT_EQ(done_, 1);
}

TEST_F(EngineShutdown, IsDoneAlsoWhenTheDiskIsFull) {
  ASSERT_TRUE(host_.Run());
  host_.store.FailNextWrite(fakes::DiskFull());
  Shutdown();
  host_.executor.Pass(seconds(60));
  EXPECT_EQ(done_, 1);
  EXPECT_TRUE(host_.runner.running().empty());
}

TEST_F(EngineShutdown, StopsAPlanThatIsBeingProbed) {
  std::optional<Result<Plan>> plan;
  host_.engine().Plan(fakes::Probe(), [&plan](Result<Plan> answer) { plan = std::move(answer); });
  host_.executor.RunPosted();
  ASSERT_EQ(host_.runner.running(), "1.1.0/001_a.py");
  Shutdown();
  EXPECT_EQ(done_, 1);
  ASSERT_TRUE(plan && plan->ok());
  EXPECT_EQ((*plan)->migrations[1].probe->message, "it was not asked: migrationd is stopping");
  EXPECT_EQ(host_.runner.started().size(), 1U);
}

TEST_F(EngineShutdown, JustAfterTheLastEventIsDoneToo) {
  host_.runner.On("1.1.0/001_a.py").Applies();
  bool ended = false;
  host_.engine().Observe(
      [&ended](const RunId&, const Event& event) { ended = ended || IsTerminal(event.fact); });
  host_.engine().Run({}, fakes::Mara(), [](const auto&) {});
  while (!ended) ASSERT_TRUE(host_.executor.RunOne());
  Shutdown();
  EXPECT_EQ(done_, 1);
  EXPECT_EQ(host_.store.ListRuns(0, 1)->front().outcome, RunOutcome::kSucceeded);
}

}  // namespace
}  // namespace migrationd::core

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using Words = std::vector<std::string>;

class EngineStatus : public testing::Test {
 protected:
  EngineStatus() {
    host_.catalogue.Write("v1.1.0/001_a.py");
    host_.catalogue.Write("v1.2.0/001_b.py");
  }

  fakes::TestHost host_;
};

TEST_F(EngineStatus, OfAFreshHost) {
  ASSERT_TRUE(host_.Start());
  const StatusReport status = host_.Status();
  EXPECT_EQ(status.daemon_version, "0.1.0");
  EXPECT_EQ(status.migrations_directory, "/migrations");
  EXPECT_EQ(status.state_file, "/state/migration_state.json");
  EXPECT_EQ(status.current.Canonical(), "0");
  EXPECT_EQ(status.latest->Canonical(), "1.2.0");
  EXPECT_EQ(status.recorded, 0U);
  EXPECT_EQ(status.pending, 2U);
  EXPECT_EQ(status.out_of_order, 0U);
  EXPECT_FALSE(status.current_run);
  EXPECT_FALSE(status.last_run);
  EXPECT_FALSE(status.failure);
  EXPECT_EQ(status.problems, Words{});
  EXPECT_EQ(status.interrupted, Words{});
}

TEST_F(EngineStatus, CountsWhatIsOutOfOrderApart) {
  ASSERT_TRUE(host_.Start());
  ASSERT_TRUE(host_.Run());
  host_.catalogue.Write("v1.1.0/002_late.py");
  host_.catalogue.Write("v1.3.0/001_new.py");
  const StatusReport status = host_.Status();
  EXPECT_EQ(status.recorded, 2U);
  EXPECT_EQ(status.pending, 1U);
  EXPECT_EQ(status.out_of_order, 1U);
}

TEST_F(EngineStatus, TellsTheRunThatGoesOnAndTheOneBefore) {
  ASSERT_TRUE(host_.Start());
  const auto first = host_.Run({"", fakes::UpTo("1.1.0"), ""});
  host_.runner.On("1.2.0/001_b.py").HangsUntilStopped();
  const auto second = host_.Run();
  const StatusReport status = host_.Status();
  ASSERT_TRUE(status.current_run && status.last_run);
  EXPECT_EQ(status.current_run->id, *second);
  EXPECT_EQ(status.current_run->outcome, std::nullopt);
  EXPECT_EQ(status.last_run->id, *first);
  EXPECT_EQ(status.last_run->outcome, RunOutcome::kSucceeded);
  EXPECT_EQ(status.interrupted, Words{}) << "the one that runs was not interrupted";
}

TEST_F(EngineStatus, TellsAllThatKeepsRunsFromBeingStarted) {
  host_.survivors.Persist();
  ASSERT_FALSE(host_.Start());
  host_.catalogue.Write("v1.1/001_x.py");
  const StatusReport status = host_.Status();
  ASSERT_EQ(status.problems.size(), 2U);
  EXPECT_EQ(
      status.problems[0],
      "process 4711 of an earlier life does not end. End it by hand; the next run looks again.");
  EXPECT_NE(status.problems[1].find("is the same version as"), std::string::npos);
}

TEST_F(EngineStatus, AnswersWithoutACatalogueToo) {
  ASSERT_TRUE(host_.Start());
  ASSERT_TRUE(host_.Run());
  host_.catalogue.Vanish();
  const StatusReport status = host_.Status();
  EXPECT_FALSE(status.latest);
  EXPECT_EQ(status.recorded, 2U);
  ASSERT_EQ(status.problems.size(), 1U);
  EXPECT_NE(status.problems[0].find("'/migrations'"), std::string::npos);
}

TEST_F(EngineStatus, HealthIsToldAtOnceAndAtEachChange) {
  ASSERT_TRUE(host_.Start());
  std::vector<bool> told;
  host_.engine().OnHealthChange([&told](bool serving) { told.push_back(serving); });
  EXPECT_EQ(told, std::vector<bool>{true});
  host_.store.FailNextWrite(fakes::DiskBroken());
  ASSERT_FALSE(host_.Run());
  EXPECT_EQ(told.back(), false);
  ASSERT_TRUE(host_.Run());
  EXPECT_EQ(told.back(), true);
  host_.engine().Shutdown(std::chrono::seconds(1), [] {});
  EXPECT_EQ(told.back(), false);
}

}  // namespace
}  // namespace migrationd::core

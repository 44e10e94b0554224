#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using Kind = ProbeAnswer::Kind;

class EnginePlan : public testing::Test {
 protected:
  EnginePlan() {
    host_.catalogue.Write("v1.1.0/001_a.py", "a");
    host_.catalogue.Write("v1.1.0/002_b.py", "b");
    host_.catalogue.Write("v1.2.0/001_c.py", "c");
    EXPECT_TRUE(host_.Start());
  }

  fakes::TestHost host_;
};

TEST_F(EnginePlan, ExecutesNoScriptAndRecordsNothing) {
  ASSERT_TRUE(host_.Plan());
  EXPECT_TRUE(host_.runner.started().empty());
  EXPECT_EQ(host_.store.runs(), 0U);
  EXPECT_EQ(host_.runner.inspected().size(), 3U) << "they are parsed";
}

TEST_F(EnginePlan, IsMadeAfreshEachTime) {
  EXPECT_EQ(host_.Plan()->migrations.size(), 3U);
  host_.catalogue.Write("v1.3.0/001_d.py");
  EXPECT_EQ(host_.Plan()->migrations.size(), 4U);
}

TEST_F(EnginePlan, MayBeAskedForWhileARunGoesOn) {
  host_.runner.On("1.1.0/002_b.py").HangsUntilStopped();
  ASSERT_TRUE(host_.Run());
  const auto plan = host_.Plan(fakes::Between("0", "1.1.0"));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->migrations[0].action, Action::kRecorded);
  EXPECT_EQ(plan->migrations[1].action, Action::kPending);
}

TEST_F(EnginePlan, HasTheConfiguredInitialVersion) {
  fakes::TestHost host;
  host.options.initial_version = *Version::Parse("1.1.0");
  host.catalogue.Write("v1.1.0/001_a.py");
  host.catalogue.Write("v1.2.0/001_c.py");
  ASSERT_TRUE(host.Start());
  const auto plan = host.Plan();
  EXPECT_EQ(plan->current.Canonical(), "1.1.0");
  EXPECT_EQ(plan->CountOf(Action::kOutOfOrder), 1U)
      << "the one below the initial version is not known to be applied";
}

TEST_F(EnginePlan, ProbedItAsksCheckAndNothingElse) {
  host_.runner.On("1.1.0/001_a.py").WasApplied();
  host_.runner.On("1.2.0/001_c.py").FailsIn(Phase::kCheck, "no such table");
  const auto plan = host_.Plan(fakes::Probe());
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->migrations[0].probe->kind, Kind::kApplied);
  EXPECT_EQ(plan->migrations[1].probe->kind, Kind::kNotApplied);
  EXPECT_EQ(plan->migrations[2].probe->kind, Kind::kFailed);
  EXPECT_EQ(plan->migrations[2].probe->message, "no such table");
  for (const ScriptJob& job : host_.runner.started())
    EXPECT_EQ(job.purpose, ScriptJob::Purpose::kCheck);
  EXPECT_FALSE(host_.runner.HasEffect("1.1.0/002_b.py"));
  EXPECT_EQ(host_.store.runs(), 0U);
  EXPECT_EQ(host_.runner.rests(), 1);
}

TEST_F(EnginePlan, ProbedItHasTheDigestOfThePlanThatIsNot) {
  EXPECT_EQ(host_.Plan(fakes::Probe())->digest, host_.Plan()->digest);
  EXPECT_TRUE(host_.Run({"", {}, host_.Plan(fakes::Probe())->digest}));
}

TEST_F(EnginePlan, IsNotProbedWhileARunGoesOn) {
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  ASSERT_TRUE(host_.Run());
  const auto plan = host_.Plan(fakes::Probe());
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().reason, Reason::kRunInProgress);
  EXPECT_NE(plan.error().message.find("cannot be probed now"), std::string::npos);
}

TEST_F(EnginePlan, WhileOneIsProbedNothingElseRunsScripts) {
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  std::optional<Result<Plan>> probed;
  host_.engine().Plan(fakes::Probe(), [&probed](Result<Plan> plan) { probed = std::move(plan); });
  host_.executor.RunPosted();
  EXPECT_EQ(host_.Run().error().reason, Reason::kRunInProgress);
  EXPECT_EQ(host_.Plan(fakes::Probe()).error().reason, Reason::kRunInProgress);
  EXPECT_TRUE(host_.Plan()) << "a plan that is not probed is always possible";
  ScriptEnd end;
  end.how = ScriptPending{};
  host_.runner.EndWith(std::move(end));
  host_.executor.RunPosted();
  ASSERT_TRUE(probed);
  EXPECT_TRUE(host_.Run());
}

}  // namespace
}  // namespace migrationd::core

#include "daemon/core/probe.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/core/planning.h"
#include "tests/fakes/fake_catalogue.h"
#include "tests/fakes/fake_executor.h"
#include "tests/fakes/fake_runner.h"

namespace migrationd::core {
namespace {

using Kind = ProbeAnswer::Kind;

class Probing : public testing::Test {
 protected:
  Plan Probed(std::function<bool()> proceed = [] { return true; }) {
    Plan plan;
    for (const char* name : {"001_a.py", "002_b.py"}) {
      Migration migration;
      migration.id = std::string("1.1.0/") + name;
      migration.path = std::string("/migrations/v1.1.0/") + name;
      migration.sha256 = fakes::FakeSha256(name);
      PlannedMigration planned;
      planned.migration = std::make_shared<const Migration>(std::move(migration));
      planned.action = action_;
      plan.migrations.push_back(planned);
      source_.Write(std::string("v1.1.0/") + name, name);
    }
    if (!late_.empty()) source_.Write(late_, "changed");
    std::optional<Plan> answer;
    ProbePlan(runner_, source_, plan, std::move(proceed),
              [&answer](Result<Plan> probed) { answer = *probed; });
    executor_.RunPosted();
    return answer.value();
  }

  fakes::FakeExecutor executor_;
  fakes::FakeCatalogue source_;
  fakes::FakeRunner runner_{executor_};
  Action action_ = Action::kPending;
  std::string late_;  ///< A script that changes after it was planned.
};

TEST_F(Probing, AsksEachPendingOneInOrder) {
  runner_.On("1.1.0/002_b.py").WasApplied();
  const Plan plan = Probed();
  EXPECT_EQ(runner_.StartedIds(), (std::vector<std::string>{"1.1.0/001_a.py", "1.1.0/002_b.py"}));
  EXPECT_EQ(plan.migrations[0].probe->kind, Kind::kNotApplied);
  EXPECT_EQ(plan.migrations[1].probe->kind, Kind::kApplied);
}

TEST_F(Probing, AsksNobodyWhoIsNotPending) {
  for (const Action action : {Action::kRecorded, Action::kRecheck, Action::kOutOfOrder}) {
    action_ = action;
    EXPECT_EQ(Probed().migrations[0].probe, std::nullopt);
  }
  EXPECT_TRUE(runner_.started().empty());
  EXPECT_EQ(runner_.rests(), 3);
}

TEST_F(Probing, WhatCheckPrintsOrReportsIsNobodysBusiness) {
  runner_.On("1.1.0/001_a.py").Prints("asking\n").Reports(1, 2);
  EXPECT_EQ(Probed().migrations[0].probe->kind, Kind::kNotApplied);
}

TEST_F(Probing, AScriptThatChangedMeanwhileIsNotAsked) {
  late_ = "v1.1.0/001_a.py";
  const Plan plan = Probed();
  EXPECT_EQ(plan.migrations[0].probe->kind, Kind::kFailed);
  EXPECT_NE(plan.migrations[0].probe->message.find("changed while it was read"), std::string::npos);
  EXPECT_EQ(plan.migrations[1].probe->kind, Kind::kNotApplied) << "the others are";
}

TEST_F(Probing, ATimeOutIsAnAnswerToo) {
  runner_.On("1.1.0/001_a.py").TimesOut();
  const Plan plan = Probed();
  EXPECT_EQ(plan.migrations[0].probe->kind, Kind::kFailed);
  EXPECT_EQ(plan.migrations[1].probe->kind, Kind::kNotApplied);
}

TEST_F(Probing, StopsAskingWhenToldSo) {
  int asked = 0;
  const Plan plan = Probed([&asked] { return ++asked < 2; });
  EXPECT_EQ(runner_.started().size(), 1U);
  EXPECT_EQ(plan.migrations[1].probe->kind, Kind::kFailed);
}

}  // namespace
}  // namespace migrationd::core

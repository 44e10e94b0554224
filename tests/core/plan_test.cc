#include "daemon/core/plan.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/core/planning.h"

namespace migrationd::core {
namespace {

using Lines = std::vector<std::string>;

Planning ThreeVersions() {
  Planning planning;
  planning.Script("v1.1.0", "001_a.py").Script("v1.2.0", "001_b.py").Script("v1.2.0", "002_c.py");
  planning.Script("v1.3.0", "001_d.py");
  return planning;
}

TEST(Plan, ItsMigrationsAreTheCataloguesAndKeepItAlive) {
  auto catalogue = std::make_shared<const Catalogue>(ThreeVersions().listing.Judged());
  const auto plan = MakePlan(catalogue, State{}, Version{}, PlanRequest{}, fakes::FakeSha256);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->migrations.size(), 4U);
  EXPECT_EQ(plan->migrations[3].migration.get(), &catalogue->migrations[3]);
  const std::weak_ptr<const Catalogue> alive = catalogue;
  catalogue.reset();
  EXPECT_FALSE(alive.expired());
}

TEST(PlanRange, IsFromExclusiveToInclusive) {
  EXPECT_EQ(ThreeVersions().From("1.1.0").To("1.2.0").Lines(),
            (Lines{"1.2.0/001_b.py pending", "1.2.0/002_c.py pending"}));
}

TEST(PlanRange, GoesFromNothingToTheLatestVersionByDefault) {
  const auto plan = ThreeVersions().Make();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->from.Canonical(), "0");
  EXPECT_EQ(plan->current.Canonical(), "0");
  EXPECT_EQ(plan->to.Canonical(), "1.3.0");
  EXPECT_EQ(plan->CountOf(Action::kPending), 4U);
}

TEST(PlanRange, BeginsAtTheConfiguredVersionWhenThereIsNoState) {
  Planning planning = ThreeVersions();
  planning.initial = *Version::Parse("1.2.0");
  planning.request.out_of_order = false;
  const auto plan = planning.Make();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->from.Canonical(), "1.2.0");
}

TEST(PlanRange, BeginsAtTheStatesVersionWhenThereIsOne) {
  Planning planning = ThreeVersions().At("1.1.0").Recorded("1.1.0/001_a.py");
  planning.initial = *Version::Parse("1.3.0");
  EXPECT_EQ(planning.Make()->from.Canonical(), "1.1.0");
}

TEST(PlanRange, FromEqualToToIsNothingToDo) {
  Planning planning = ThreeVersions().From("1.2.0").To("1.2.0");
  EXPECT_EQ(planning.Lines(), Lines{});
  EXPECT_TRUE(RefuseOutOfOrder(*planning.Make()));
}

TEST(PlanRange, EqualVersionsOfDifferentSpellingAreEqual) {
  EXPECT_EQ(ThreeVersions().From("1.2").To("v1.2.0").Lines(), Lines{});
  EXPECT_EQ(ThreeVersions().From("1.1").To("1.2").Lines().size(), 2U);
}

TEST(PlanRange, ABackwardOneIsRefusedInWords) {
  const auto plan = ThreeVersions().From("1.3.0").To("1.2.0").Make();
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().reason, Reason::kBackwardRange);
  EXPECT_EQ(plan.error().message, "cannot go from 1.3.0 to 1.2.0: migrations only go forward");
  EXPECT_FALSE(plan.error().hint.empty());
}

TEST(PlanRange, BelowTheCurrentVersionIsBackwardToo) {
  EXPECT_EQ(ThreeVersions().At("1.3.0").To("1.1.0").Lines(), Lines{"BACKWARD_RANGE"});
}

TEST(PlanRange, AHostAheadOfItsCatalogueHasNothingToDo) {
  Planning planning;
  planning.Script("v1.1.0", "001_a.py").Recorded("1.1.0/001_a.py").At("2.0");
  const auto plan = planning.Make();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->to.Canonical(), "2.0");
  EXPECT_TRUE(plan->migrations.empty());
}

TEST(PlanRange, AnEmptyCatalogueHasNothingToDo) {
  const auto plan = Planning().Make();
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->to.Canonical(), "0");
  EXPECT_TRUE(plan->migrations.empty());
}

TEST(PlanRange, MayEndAtAVersionThatNoFolderHas) {
  EXPECT_EQ(ThreeVersions().To("1.2.0.dev1").Lines(), Lines{"1.1.0/001_a.py pending"});
  EXPECT_EQ(ThreeVersions().To("9").Make()->to.Canonical(), "9");
}

TEST(PlanRange, BoundsThatAreNoVersionsAreQuoted) {
  for (const auto& planning : {ThreeVersions().From("latest"), ThreeVersions().To("latest")}) {
    const auto plan = planning.Make();
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().reason, Reason::kInvalidVersion);
    EXPECT_NE(plan.error().message.find("'latest'"), std::string::npos);
  }
}

TEST(Plan, AReleaseCandidateRunsBeforeItsRelease) {
  Planning planning;
  planning.Script("v1.2.0", "001_b.py")
      .Script("v1.2.0rc1", "001_a.py")
      .Script("v1.2.0.post1", "001_c.py");
  EXPECT_EQ(planning.Lines(), (Lines{"1.2.0rc1/001_a.py pending", "1.2.0/001_b.py pending",
                                     "1.2.0.post1/001_c.py pending"}));
}

TEST(Plan, WhatIsRecordedIsNotPending) {
  EXPECT_EQ(ThreeVersions().Recorded("1.2.0/001_b.py").From("1.1.0").To("1.2.0").Lines(),
            (Lines{"1.2.0/001_b.py recorded", "1.2.0/002_c.py pending"}));
}

TEST(Plan, ARecordedScriptWithOtherBytesIsModified) {
  Planning planning = ThreeVersions().Recorded("1.1.0/001_a.py");
  planning.state.records["1.1.0/001_a.py"].sha256 = "what ran then";
  EXPECT_EQ(planning.To("1.1.0").Lines(), Lines{"1.1.0/001_a.py recorded, modified"});
}

TEST(Plan, ARecordWithoutAHashCannotBeModified) {
  Planning planning = ThreeVersions().Recorded("1.1.0/001_a.py");
  planning.state.records["1.1.0/001_a.py"].sha256.clear();
  EXPECT_EQ(planning.To("1.1.0").Lines(), Lines{"1.1.0/001_a.py recorded"});
}

TEST(Plan, WhatWasInFlightIsMarked) {
  Planning planning = ThreeVersions().To("1.1.0");
  planning.state.in_flight["1.1.0/001_a.py"] = "1-00000000";
  EXPECT_EQ(planning.Lines(), Lines{"1.1.0/001_a.py pending, interrupted"});
}

TEST(PlanRecheck, AsksTheRecordedOnesAlsoBelowTheRange) {
  Planning planning =
      ThreeVersions().At("1.2.0").Recorded("1.1.0/001_a.py").Recorded("1.2.0/001_b.py");
  planning.Recorded("1.2.0/002_c.py", Outcome::kSkipped);
  planning.request.recheck = true;
  EXPECT_EQ(planning.Lines(),
            (Lines{"1.1.0/001_a.py recheck", "1.2.0/001_b.py recheck", "1.3.0/001_d.py pending"}))
      << "one that a person skipped has no effect to look for";
}

TEST(PlanOutOfOrder, AnUnrecordedMigrationBelowTheCurrentVersionIsListedAndRefused) {
  Planning planning =
      ThreeVersions().At("1.2.0").Recorded("1.2.0/001_b.py").Recorded("1.2.0/002_c.py");
  EXPECT_EQ(planning.Lines(), (Lines{"1.1.0/001_a.py out of order", "1.3.0/001_d.py pending"}));
  const Status run = RefuseOutOfOrder(*planning.Make());
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().reason, Reason::kOutOfOrder);
  EXPECT_NE(run.error().message.find("1.1.0/001_a.py"), std::string::npos);
  EXPECT_NE(run.error().hint.find("--out-of-order"), std::string::npos);
}

TEST(PlanOutOfOrder, OneAtTheCurrentVersionIsOutOfOrderToo) {
  Planning planning =
      ThreeVersions().At("1.2").Recorded("1.1.0/001_a.py").Recorded("1.2.0/001_b.py").To("1.2");
  EXPECT_EQ(planning.Lines(), Lines{"1.2.0/002_c.py out of order"});
}

TEST(PlanOutOfOrder, CanBeIncluded) {
  Planning planning =
      ThreeVersions().At("1.2.0").Recorded("1.2.0/001_b.py").Recorded("1.2.0/002_c.py");
  planning.request.out_of_order = true;
  EXPECT_EQ(planning.Lines(), (Lines{"1.1.0/001_a.py pending", "1.3.0/001_d.py pending"}));
  const auto plan = planning.Make();
  EXPECT_TRUE(plan->migrations[0].out_of_order);
  EXPECT_FALSE(plan->migrations[1].out_of_order);
  EXPECT_TRUE(RefuseOutOfOrder(*plan));
}

TEST(PlanOutOfOrder, AMultitudeIsCountedNotListed) {
  Planning planning;
  planning.At("1.0");
  for (int number = 100; number < 200; ++number)
    planning.Script("v1.0", std::to_string(number) + "_x.py");
  const Status run = RefuseOutOfOrder(*planning.Make());
  ASSERT_FALSE(run);
  EXPECT_NE(run.error().message.find("and 80 more"), std::string::npos);
}

TEST(Plan, ARecordWhoseScriptIsGoneIsMissing) {
  EXPECT_EQ(ThreeVersions().Recorded("1.2.0/009_gone.py").Make()->missing,
            Lines{"1.2.0/009_gone.py"});
}

TEST(Plan, ABadCatalogueIsRefusedByNameOfEachFile) {
  Planning planning = ThreeVersions().Script("v1.2.0", "001_again.py");
  const auto plan = planning.Make();
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().reason, Reason::kCatalogueInvalid);
  EXPECT_NE(plan.error().message.find("'/m/v1.2.0/001_b.py' has the same number as '001_again.py'"),
            std::string::npos);
}

TEST(Plan, WarningsComeWithIt) {
  const auto plan = ThreeVersions().Script("v1.2.0", "1_near.py").Make();
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->findings.size(), 1U);
  EXPECT_EQ(plan->findings[0].subject, "/m/v1.2.0/1_near.py");
}

TEST(PlanDigest, IsTheSameForTheSamePlan) {
  EXPECT_EQ(ThreeVersions().Make()->digest, ThreeVersions().Make()->digest);
}

TEST(PlanDigest, MovesWithWhateverWouldRun) {
  const std::string before = ThreeVersions().Make()->digest;
  Planning changed = ThreeVersions();
  ListedEntry other = Listing::Made("v1.3.0/001_d.py", ListedEntry::Kind::kFile);
  other.sha256 = "other bytes";
  changed.listing.Raw().folders.back().entries = {other};
  Planning later = ThreeVersions();
  later.state.position.run = 1;

  EXPECT_NE(ThreeVersions().Script("v1.3.0", "002_e.py").Make()->digest, before)
      << "a script was added";
  EXPECT_NE(changed.Make()->digest, before) << "bytes changed";
  EXPECT_NE(ThreeVersions().From("1.1.0").Make()->digest, before) << "the range";
  EXPECT_NE(ThreeVersions().To("1.2.0").Make()->digest, before) << "the range";
  EXPECT_NE(ThreeVersions().Recorded("1.1.0/001_a.py").Make()->digest, before) << "one is recorded";
  EXPECT_NE(later.Make()->digest, before) << "something ran meanwhile";
}

}  // namespace
}  // namespace migrationd::core

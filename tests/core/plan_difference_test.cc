#include "daemon/core/plan_difference.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/core/planning.h"

namespace migrationd::core {
namespace {

Planning TwoScripts() {
  Planning planning;
  planning.Script("v1.1.0", "001_a.py").Script("v1.2.0", "001_b.py");
  return planning;
}

std::string Difference(const Planning& then, const Planning& now) {
  return DescribeDifference(then.Make()->manifest, now.Make()->manifest);
}

TEST(PlanDifference, NamesWhatWasAdded) {
  EXPECT_EQ(Difference(TwoScripts(), TwoScripts().Script("v1.1.0", "002_x.py")),
            "1.1.0/002_x.py was added");
}

TEST(PlanDifference, NamesWhatWasRemoved) {
  EXPECT_EQ(Difference(TwoScripts().Script("v1.1.0", "002_x.py"), TwoScripts()),
            "1.1.0/002_x.py was removed");
}

TEST(PlanDifference, NamesWhatWasChanged) {
  Planning changed = TwoScripts();
  changed.listing.Raw().folders[1].entries[0].sha256 = "other bytes";
  EXPECT_EQ(Difference(TwoScripts(), changed), "1.2.0/001_b.py was changed");
}

TEST(PlanDifference, NamesWhatWasSettledMeanwhile) {
  EXPECT_EQ(Difference(TwoScripts(), TwoScripts().Recorded("1.1.0/001_a.py")),
            "1.1.0/001_a.py was settled or reopened meanwhile");
}

TEST(PlanDifference, NamesTheBoundsThatMoved) {
  EXPECT_EQ(Difference(TwoScripts().To("1.2.0"), TwoScripts().To("1.3.0")),
            "the upper bound 1.2.0 became 1.3.0");
  EXPECT_EQ(Difference(TwoScripts().From("1.0"), TwoScripts().From("1.0.1")),
            "the lower bound 1.0 became 1.0.1");
  EXPECT_EQ(Difference(TwoScripts().From("0.5"), TwoScripts().At("0.2").From("0.5")),
            "the current version 0 became 0.2");
}

TEST(PlanDifference, ARunThatLeftNoTraceInThePlanIsNamedAsSuch) {
  Planning later = TwoScripts();
  later.state.position.run = 7;
  EXPECT_EQ(Difference(TwoScripts(), later), "another run or resolution was recorded meanwhile");
}

TEST(PlanDifference, AMultitudeIsCountedNotListed) {
  Planning many = TwoScripts();
  for (int number = 100; number < 130; ++number)
    many.Script("v1.3.0", std::to_string(number) + "_x.py");
  many.To("1.3.0");
  const std::string words = Difference(TwoScripts().To("1.3.0"), many);
  EXPECT_NE(words.find("and 20 more changes"), std::string::npos) << words;
}

TEST(PlanMemory, SaysWhatMovedSinceAPlanThatItHandedOut) {
  PlanMemory memory;
  const Plan agreed = *TwoScripts().Make();
  memory.Remember(agreed);
  const Error moved =
      memory.MovedSince(agreed.digest, *TwoScripts().Script("v1.2.0", "002_x.py").Make());
  EXPECT_EQ(moved.reason, Reason::kPlanMoved);
  EXPECT_EQ(moved.message,
            "the plan moved since it was made, nothing was run: 1.2.0/002_x.py was added");
}

TEST(PlanMemory, AdmitsThatItDoesNotKnowAPlan) {
  const Error moved = PlanMemory().MovedSince("somebody else's digest", *TwoScripts().Make());
  EXPECT_EQ(moved.reason, Reason::kPlanMoved);
  EXPECT_NE(moved.message.find("no longer known"), std::string::npos);
}

TEST(PlanMemory, ForgetsTheOldestNotTheOneThatIsAskedForAgain) {
  PlanMemory memory;
  const Plan first = *TwoScripts().Make();
  for (const char* to : {"1.2.1", "1.2.2", "1.2.3"}) memory.Remember(*TwoScripts().To(to).Make());
  memory.Remember(first);
  for (const char* to : {"1.2.4", "1.2.5", "1.2.6"}) memory.Remember(*TwoScripts().To(to).Make());
  EXPECT_EQ(
      memory.MovedSince(first.digest, *TwoScripts().To("2").Make()).message.find("no longer known"),
      std::string::npos);
  memory.Remember(*TwoScripts().To("1.2.7").Make());
  EXPECT_NE(memory.MovedSince(first.digest, first).message.find("no longer known"),
            std::string::npos);
}

}  // namespace
}  // namespace migrationd::core

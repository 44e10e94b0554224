#include "tests/crash/journal.h"

#include <gtest/gtest.h>

namespace migrationd::crash {
namespace {

TEST(Journal, OneAfterTheOtherIsFine) {
  const JournalVerdict verdict =
      Judge("begin a 1.5\nstep a 1.5\nend a 1.5\nstep a 1.5\nbegin b 2.7\nend b 2.7\n");
  EXPECT_TRUE(verdict.again.empty());
  EXPECT_TRUE(verdict.overlapping.empty());
  EXPECT_EQ(verdict.executions, 2U);
}

TEST(Journal, OneThatWasKilledMayBeginAgain) {
  const JournalVerdict verdict = Judge("begin a 1.5\nstep a 1.5\nbegin a 2.7\nend a 2.7\n");
  EXPECT_TRUE(verdict.again.empty());
  EXPECT_TRUE(verdict.overlapping.empty());
}

TEST(Journal, OneThatHadEndedMustNotBeginAgain) {
  EXPECT_EQ(Judge("begin a 1.5\nend a 1.5\nbegin a 2.7\n").again.size(), 1U);
}

TEST(Journal, AnEffectThatWasThereIsSeenByTheScriptItself) {
  EXPECT_EQ(Judge("begin a 1.5\nbegin a 2.7\nagain a 2.7\n").again.size(), 1U);
}

TEST(Journal, ASurvivorThatGoesOnWritingOverlaps) {
  EXPECT_EQ(Judge("begin a 1.5\nbegin b 2.7\nstep a 1.5\nend b 2.7\n").overlapping.size(), 1U);
}

TEST(Journal, ALockThatIsHeldOverlaps) {
  EXPECT_EQ(Judge("begin a 1.5\noverlap b 2.7\n").overlapping.size(), 1U);
}

TEST(Journal, ATornLastLineSaysNothing) {
  EXPECT_TRUE(Judge("begin a 1.5\nend a 1.5\nbegin a 2.").again.empty());
}

}  // namespace
}  // namespace migrationd::crash

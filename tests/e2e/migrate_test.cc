#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/site.h"

namespace migrationd::e2e {
namespace {

using support::Daemon;
using support::Execute;
using support::Exit;
using support::Finished;
using support::Gate;
using support::Process;
using support::Site;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Migrate, TakesAHostFromNothingToTheLatestVersionAndThenHasNothingToDo) {
  Site site;
  site.Add("v1.1.0/001_first.py");
  site.Add("v1.1.0/002_second.py");
  site.Add("v1.2rc1/001_third.py");
  Daemon daemon(site);
  const Finished first = Execute(site.Telec({}));
  EXPECT_THAT(first.out, HasSubstr("Done: 3 applied. At version 1.2rc1.\n"));
  EXPECT_EQ(first.exit, Exit{0});
  EXPECT_TRUE(site.Has("first") && site.Has("second") && site.Has("third"));
  const Finished second = Execute(site.Telec({}));
  EXPECT_THAT(second.out, HasSubstr("Nothing to do.\n"));
  EXPECT_EQ(second.exit, Exit{0});
}

TEST(Migrate, RunsInOrderOfVersionThenNumber) {
  Site site;
  for (const char* path :
       {"v1.10/001_d.py", "v1.9/002_b.py", "v1.9/001_a.py", "v1.9.post1/001_c.py"}) {
    site.Add(
        path,
        {.before =
             "open('journal', 'a').write(__name__ and os.environ['TELEC_MIGRATION_ID'] + '\\n')"});
  }
  Execute(site.Local({}));
  EXPECT_EQ(support::ReadFile(site / "journal"),
            "1.9/001_a.py\n1.9/002_b.py\n1.9.post1/001_c.py\n1.10/001_d.py\n");
}

TEST(Migrate, ARangeIsAboveFromAndUpToTo) {
  Site site;
  for (const char* path : {"v1.1/001_a.py", "v1.2/001_b.py", "v1.3/001_c.py"}) site.Add(path);
  const Finished telec = Execute(site.Local({"--from", "1.1", "--to", "v1.2.0"}));
  EXPECT_EQ(telec.exit, Exit{0});
  EXPECT_FALSE(site.Has("a"));
  EXPECT_TRUE(site.Has("b"));
  EXPECT_FALSE(site.Has("c"));
}

TEST(Migrate, WhatIsThereAlreadyIsNotDoneAgain) {
  Site site;
  site.Add("v1.1/001_a.py", {.before = "raise RuntimeError('migrate() was called')"});
  support::WriteFile(site / "a", "");
  const Finished telec = Execute(site.Local({}));
  EXPECT_THAT(telec.out, HasSubstr("already applied 1.1/001_a.py"));
  EXPECT_EQ(telec.exit, Exit{0});
}

TEST(Migrate, HaltsAtTheFirstFailureAndGoesOnThereOnceItIsMended) {
  Site site;
  site.Add("v1.1/001_a.py");
  site.Add("v1.1/002_b.py",
           {.before = "if not os.path.exists('mended'): raise ValueError('broken')"});
  site.Add("v1.1/003_c.py");
  const Finished failed = Execute(site.Local({}));
  EXPECT_EQ(failed.exit, Exit{1});
  EXPECT_THAT(failed.out, HasSubstr("migrate() raised ValueError: broken"));
  EXPECT_TRUE(site.Has("a"));
  EXPECT_FALSE(site.Has("c"));
  EXPECT_THAT(Execute(site.Local({"status"})).out, HasSubstr("failed 1.1/002_b.py"));
  support::WriteFile(site / "mended", "");
  const Finished mended = Execute(site.Local({}));
  EXPECT_EQ(mended.exit, Exit{0});
  EXPECT_THAT(mended.out, HasSubstr("Done: 2 applied."));
  EXPECT_THAT(Execute(site.Local({"status"})).out, Not(HasSubstr("failed")));
}

TEST(Migrate, ADryRunExecutesNothingNotEvenAModule) {
  Site site;
  site.Add("v1.1/001_a.py", {.module = "open('trace', 'w').close()"});
  const Finished telec = Execute(site.Local({"--dry-run", "--detailed-exitcode"}));
  EXPECT_THAT(telec.out, HasSubstr("pending       1.1/001_a.py  Makes a file"));
  EXPECT_EQ(telec.exit, Exit{2});
  EXPECT_FALSE(site.Has("trace"));
}

TEST(Migrate, AProbeAsksCheckAndNothingElse) {
  Site site;
  site.Add("v1.1/001_a.py");
  site.Add("v1.1/002_b.py");
  support::WriteFile(site / "a", "");
  const Finished telec = Execute(site.Local({"--dry-run", "--probe"}));
  EXPECT_THAT(telec.out, HasSubstr("would skip    1.1/001_a.py"));
  EXPECT_THAT(telec.out, HasSubstr("would apply   1.1/002_b.py"));
  EXPECT_FALSE(site.Has("b"));
}

TEST(Migrate, OutOfOrderMigrationsAreRefusedUntilTheyAreMeant) {
  Site site;
  site.Add("v1.1/001_a.py");
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{0});
  site.Add("v1.0/001_late.py");
  const Finished refused = Execute(site.Local({}));
  EXPECT_EQ(refused.exit, Exit{6});
  EXPECT_THAT(refused.err, HasSubstr("1.0/001_late.py"));
  EXPECT_FALSE(site.Has("late"));
  EXPECT_EQ(Execute(site.Local({"--out-of-order"})).exit, Exit{0});
  EXPECT_TRUE(site.Has("late"));
}

TEST(Migrate, ARecheckReportsWhatIsNoLongerThere) {
  Site site;
  site.Add("v1.1/001_a.py");
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{0});
  std::filesystem::remove(site / "a");
  EXPECT_THAT(Execute(site.Local({"--recheck"})).out,
              HasSubstr("no longer effective: 1.1/001_a.py"));
}

TEST(Migrate, VersionsThatMakeNoSenseAreUsageAndBackwardOnesRefused) {
  Site site;
  site.Add("v1.1/001_a.py");
  const Finished nonsense = Execute(site.Local({"--to", "one"}));
  EXPECT_EQ(nonsense.exit, Exit{64});
  EXPECT_THAT(nonsense.err, HasSubstr("one"));
  const Finished backward = Execute(site.Local({"--from", "1.1", "--to", "1.0"}));
  EXPECT_EQ(backward.exit, Exit{6});
  EXPECT_THAT(backward.err, HasSubstr("forward"));
}

TEST(Migrate, ASecondRunAtTheSameTimeIsToldWhoRunsSinceWhen) {
  Site site;
  Gate gate(site, "gate");
  site.Add("v1.1/001_a.py", {.before = gate.Statement()});
  Daemon daemon(site);
  Process first(site.Telec({}));
  gate.AwaitArrival();
  const Finished second = Execute(site.Telec({}));
  EXPECT_EQ(second.exit, Exit{75});
  EXPECT_THAT(second.err, HasSubstr("started by root at "));
  Process waiting(site.Telec({"--wait", "5m"}));
  EXPECT_TRUE(waiting.Says("Waiting for run 1-"));
  gate.Open();
  EXPECT_EQ(first.Wait(), Exit{0});
  EXPECT_EQ(waiting.Wait(), Exit{0});
  EXPECT_THAT(waiting.Output(), HasSubstr("Nothing to do."));
}

TEST(Migrate, AThousandMigrationsAreShownOneLineEach) {
  Site site;
  for (int i = 0; i < 1000; ++i) {
    const std::string number = std::to_string(1000 + i);
    site.AddText("v1.1/" + number + "_x.py",
                 "def check():\n    return True\n\n\ndef migrate():\n    return True\n");
  }
  const Finished telec = Execute(site.Local({}));
  EXPECT_EQ(telec.exit, Exit{0});
  EXPECT_THAT(telec.out, HasSubstr("[1000/1000] already applied 1.1/1999_x.py"));
}

}  // namespace
}  // namespace migrationd::e2e

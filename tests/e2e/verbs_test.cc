#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

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
using ::testing::StartsWith;

TEST(Status, OfAFreshHost) {
  Site site;
  site.Add("v1.1/001_a.py");
  const Finished telec = Execute(site.Local({"status"}));
  EXPECT_THAT(telec.out,
              StartsWith("Version      0 (latest 1.1)\nMigrations   0 recorded, 1 pending\n"));
  EXPECT_EQ(telec.exit, Exit{0});
}

TEST(Watch, ShowsARunThatSomeoneElseStarted) {
  Site site;
  Gate gate(site, "gate");
  site.Add("v1.1/001_a.py", {.before = "print('hello')\n" + gate.Statement()});
  Daemon daemon(site);
  const Finished started = Execute(site.Telec({"--detach"}));
  EXPECT_EQ(started.exit, Exit{0});
  EXPECT_THAT(started.err, HasSubstr("telec migrate watch 1-"));
  gate.AwaitArrival();
  Process watch(site.Telec({"watch"}));
  EXPECT_TRUE(watch.Prints("001_a.py | hello\n"));
  gate.Open();
  EXPECT_EQ(watch.Wait(), Exit{0});
  EXPECT_THAT(Execute(site.Telec({"watch", "1"})).out, HasSubstr("Done: 1 applied."));
}

TEST(Watch, OfARunThatIsNotThereIsRefused) {
  Site site;
  EXPECT_EQ(Execute(site.Local({"watch", "99"})).exit, Exit{6});
}

TEST(Logs, KeepWhatAScriptPrinted) {
  Site site;
  site.Add("v1.1/001_a.py", {.before = "print('one')\nimport sys\nprint('two', file=sys.stderr)"});
  Execute(site.Local({}));
  EXPECT_THAT(Execute(site.Local({"logs", "1.1/001_a.py"})).out, HasSubstr("one\n"));
  EXPECT_THAT(Execute(site.Local({"logs", "1"})).out, HasSubstr("1.1/001_a.py | two\n"));
}

TEST(Cancel, StopsAfterTheCurrentMigration) {
  Site site;
  Gate gate(site, "gate");
  site.Add("v1.1/001_a.py", {.before = gate.Statement()});
  site.Add("v1.1/002_b.py");
  Daemon daemon(site);
  Process telec(site.Telec({}));
  gate.AwaitArrival();
  EXPECT_EQ(Execute(site.Telec({"cancel"})).exit, Exit{0});
  gate.Open();
  EXPECT_EQ(telec.Wait(), Exit{5});
  EXPECT_TRUE(site.Has("a"));
  EXPECT_FALSE(site.Has("b"));
  EXPECT_EQ(Execute(site.Telec({"cancel"})).exit, Exit{6});
}

TEST(Cancel, NowEndsEvenAScriptThatNeverEnds) {
  Site site;
  Gate gate(site, "gate");
  site.Add("v1.1/001_a.py",
           {.before = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" +
                      gate.Statement()});
  Daemon daemon(site);
  Process telec(site.Telec({}));
  gate.AwaitArrival();
  EXPECT_EQ(Execute(site.Telec({"cancel", "--now"})).exit, Exit{0});
  EXPECT_EQ(telec.Wait(), Exit{5});
  EXPECT_THAT(telec.Output(), HasSubstr("cancelled       1.1/001_a.py"));
  EXPECT_FALSE(site.Has("a"));
}

TEST(Cancel, CtrlCTwiceDoesTheSame) {
  Site site;
  Gate gate(site, "gate");
  site.Add("v1.1/001_a.py", {.before = gate.Statement()});
  Daemon daemon(site);
  Process telec(site.Telec({}));
  gate.AwaitArrival();
  telec.Signal(SIGINT);
  EXPECT_TRUE(telec.Prints("asked the run to stop after the current migration"));
  telec.Signal(SIGINT);
  EXPECT_EQ(telec.Wait(), Exit{5});
}

TEST(Resolve, AFailureThatDoesNotConcernThisHostIsPassed) {
  Site site;
  site.Add("v1.1/001_a.py", {.before = "raise OSError('no such device')"});
  site.Add("v1.1/002_b.py");
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{1});
  const Finished resolved = Execute(
      site.Local({"resolve", "1.1/001_a.py", "--skipped", "--reason", "no such device here"}));
  EXPECT_EQ(resolved.exit, Exit{0});
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{0});
  EXPECT_TRUE(site.Has("b"));
  EXPECT_THAT(Execute(site.Local({"history"})).out, HasSubstr("no such device here"));
}

TEST(Resolve, WhatIsPendingAgainIsRunAgain) {
  Site site;
  site.Add("v1.1/001_a.py");
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{0});
  std::filesystem::remove(site / "a");
  EXPECT_EQ(Execute(site.Local({"resolve", "1.1/001_a.py", "--pending", "--reason", "lost"})).exit,
            Exit{0});
  EXPECT_EQ(Execute(site.Local({"--out-of-order"})).exit, Exit{0});
  EXPECT_TRUE(site.Has("a"));
}

TEST(Resolve, AMigrationThatNobodyKnowsIsRefused) {
  Site site;
  EXPECT_EQ(Execute(site.Local({"resolve", "9.9/001_no.py", "--applied", "--reason", "x"})).exit,
            Exit{6});
}

TEST(Baseline, IsWhereAnInstallationBegins) {
  Site site;
  site.Add("v1.1/001_a.py");
  site.Add("v1.2/001_b.py");
  const Finished baseline =
      Execute(site.Local({"baseline", "v1.1", "--reason", "installed from an image"}));
  EXPECT_EQ(baseline.exit, Exit{0});
  EXPECT_THAT(baseline.out, HasSubstr("This host is at version 1.1"));
  const Finished plan = Execute(site.Local({"--dry-run"}));
  EXPECT_THAT(plan.out, HasSubstr("1.2/001_b.py"));
  EXPECT_THAT(Execute(site.Local({"history"})).out, HasSubstr("installed from an image"));
  EXPECT_EQ(Execute(site.Local({"baseline", "one"})).exit, Exit{64});
}

TEST(History, NamesEveryRunWithWhoAndHow) {
  Site site;
  site.Add("v1.1/001_a.py");
  Execute(site.Local({}));
  const Finished history = Execute(site.Local({"history"}));
  EXPECT_THAT(history.out, HasSubstr("0 -> 1.1"));
  EXPECT_THAT(history.out, HasSubstr("succeeded"));
  EXPECT_THAT(Execute(site.Local({"history", "1"})).out, HasSubstr("applied         1.1/001_a.py"));
}

}  // namespace
}  // namespace migrationd::e2e

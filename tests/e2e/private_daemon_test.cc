#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "tests/support/site.h"

namespace migrationd::e2e {
namespace {

using support::Execute;
using support::Exit;
using support::Finished;
using support::Gate;
using support::Process;
using support::Site;
using ::testing::HasSubstr;

TEST(Local, NeedsNoConfigurationAndKeepsItsStateAtHome) {
  Site site;
  site.AddText("v1.1/001_a.py",
               "def check():\n    return True\n\n\ndef migrate():\n    return True\n");
  support::Launch launch = site.Telec({"--local", "--migrations", site.catalogue()});
  EXPECT_EQ(Execute(launch).exit, Exit{0});
  EXPECT_TRUE(site.Has("home/.teleclaude/migration_state.json"));
}

TEST(Local, IsGoneWhenTheCommandEndsSoThatTheNextOneFindsTheStateFree) {
  Site site;
  site.Add("v1.1/001_a.py");
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{0});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Execute(site.Local({"status"})).exit, Exit{0});
}

TEST(Local, ABadConfigurationIsTheError) {
  Site site;
  support::WriteFile(site / "migrationd.toml", "[daemon]\nmigration = '/x'\n");
  const Finished telec = Execute(site.Local({"status"}));
  EXPECT_EQ(telec.exit, Exit{6});
  EXPECT_THAT(telec.err, HasSubstr("migrations"));
}

TEST(Local, CtrlCStopsAfterTheCurrentMigrationAsWithADaemon) {
  Site site;
  Gate gate(site, "gate");
  site.Add("v1.1/001_a.py", {.before = gate.Statement()});
  site.Add("v1.1/002_b.py");
  Process telec(site.Local({}));
  gate.AwaitArrival();
  telec.Signal(SIGINT);
  EXPECT_TRUE(telec.Prints("asked the run to stop after the current migration"));
  gate.Open();
  EXPECT_EQ(telec.Wait(), Exit{5});
  EXPECT_TRUE(site.Has("a"));
  EXPECT_FALSE(site.Has("b"));
}

TEST(Local, AClosedTerminalLetsTheCurrentMigrationEndAndLosesNothing) {
  Site site;
  Gate gate(site, "gate");
  site.Add("v1.1/001_a.py", {.before = gate.Statement()});
  site.Add("v1.1/002_b.py");
  Process telec(site.Local({}));
  gate.AwaitArrival();
  telec.Signal(SIGHUP);
  EXPECT_EQ(telec.Wait(), Exit{3});
  EXPECT_THAT(telec.Errors(),
              HasSubstr("the private migrationd stops after the current migration"));
  gate.Open();
  // The state is owned until that migration has ended.
  Finished next = Execute(site.Local({}));
  while (next.exit == Exit{6}) next = Execute(site.Local({}));
  EXPECT_EQ(next.exit, Exit{0});
  EXPECT_TRUE(site.Has("a") && site.Has("b"));
}

}  // namespace
}  // namespace migrationd::e2e

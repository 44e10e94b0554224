#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tests/client/facts.h"
#include "tests/client/telec.h"

namespace telec::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::vector<std::string> kTwo = {"1.1.0/001_colour.py", "1.1.0/002_notes.py"};

TEST(Migrate, ShowsThePlanRunsItAndSaysWhatCameOfIt) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  daemon.Runs(RunOf(kTwo));
  const Finished telec = RunTelec(daemon, {"migrate"});
  EXPECT_EQ(telec.out,
            "Plan: 1.0.0 -> 1.1.0, 2 pending.\n"
            "  pending       1.1.0/001_colour.py  Does 001_colour.py\n"
            "  pending       1.1.0/002_notes.py   Does 002_notes.py\n"
            "Run 7-ab12, started by ann: 1.0.0 -> 1.1.0, 2 migrations.\n"
            "[1/2] applied         1.1.0/001_colour.py (12 ms)\n"
            "[2/2] applied         1.1.0/002_notes.py (12 ms)\n"
            "Done: 2 applied. At version 1.1.0.\n");
  EXPECT_EQ(telec.err, "");
  EXPECT_EQ(telec.exit, Exit{0});
}

TEST(Migrate, RunsExactlyThePlanThatWasShown) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  daemon.Runs(RunOf(kTwo));
  RunTelec(daemon,
           {"migrate", "--from", "1.0", "--to", "1.1", "--out-of-order", "--recheck", "--probe"});
  const api::PlanRequest plan = daemon.plan_requests().at(0);
  EXPECT_EQ(plan.from_version(), "1.0");
  EXPECT_EQ(plan.to_version(), "1.1");
  EXPECT_TRUE(plan.out_of_order() && plan.recheck() && plan.probe());
  const api::RunRequest run = daemon.run_requests().at(0);
  EXPECT_EQ(run.from_version(), "1.0");
  EXPECT_EQ(run.to_version(), "1.1");
  EXPECT_TRUE(run.out_of_order() && run.recheck());
  EXPECT_EQ(run.plan_digest(), "d1");
}

TEST(Migrate, WithoutARangeLeavesItToTheDaemon) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  daemon.Runs(RunOf(kTwo));
  RunTelec(daemon, {"migrate"});
  EXPECT_FALSE(daemon.run_requests().at(0).has_from_version());
  EXPECT_FALSE(daemon.run_requests().at(0).has_to_version());
}

TEST(Migrate, EachRunHasAnIdOfItsOwn) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  daemon.Runs(RunOf(kTwo));
  std::set<std::string> ids;
  for (int i = 0; i < 3; ++i) RunTelec(daemon, {"migrate"});
  for (const api::RunRequest& request : daemon.run_requests()) {
    EXPECT_THAT(request.request_id(),
                ::testing::MatchesRegex(
                    "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    ids.insert(request.request_id());
  }
  EXPECT_EQ(ids.size(), 3U);
}

TEST(Migrate, WithNothingToDoDoesNothing) {
  FakeDaemon daemon;
  api::Plan plan = PlanOf({"1.1.0/001_colour.py"});
  plan.set_pending(0);
  plan.set_from_version("1.1.0");
  plan.set_current_version("1.1.0");
  plan.mutable_migrations(0)->set_action(api::ACTION_RECORDED);
  daemon.Plans(plan);
  const Finished telec = RunTelec(daemon, {"migrate", "--detailed-exitcode"});
  EXPECT_EQ(telec.out, "Plan: 1.1.0 -> 1.1.0, 0 pending, 1 recorded.\nNothing to do.\n");
  EXPECT_EQ(telec.exit, Exit{0});
  EXPECT_TRUE(daemon.run_requests().empty());
}

TEST(Migrate, AVersionWithoutMigrationsIsStillMovedTo) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf({}));
  daemon.Runs(RunOf({}));
  EXPECT_EQ(RunTelec(daemon, {"migrate"}).exit, Exit{0});
  EXPECT_EQ(daemon.run_requests().size(), 1U);
}

TEST(Migrate, RecordedMigrationsAreRunForARecheck) {
  FakeDaemon daemon;
  api::Plan plan = PlanOf({"1.1.0/001_colour.py"});
  plan.set_pending(0);
  plan.set_current_version("1.1.0");
  plan.mutable_migrations(0)->set_action(api::ACTION_RECHECK);
  daemon.Plans(plan);
  api::Event gone;
  gone.mutable_migration_rechecked()->set_migration_id("1.1.0/001_colour.py");
  daemon.Runs({Started(0), gone, RunEnded()});
  const Finished telec = RunTelec(daemon, {"migrate", "--recheck"});
  EXPECT_THAT(telec.out, HasSubstr("no longer effective: 1.1.0/001_colour.py\n"));
  EXPECT_EQ(telec.exit, Exit{0});
}

TEST(Migrate, ADryRunRunsNothing) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  const Finished telec = RunTelec(daemon, {"migrate", "--dry-run"});
  EXPECT_THAT(telec.out, StartsWith("Plan: 1.0.0 -> 1.1.0, 2 pending.\n"));
  EXPECT_EQ(telec.exit, Exit{0});
  EXPECT_TRUE(daemon.run_requests().empty());
}

TEST(Migrate, ADryRunTellsByItsExitCodeThatSomethingIsPending) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  EXPECT_EQ(RunTelec(daemon, {"migrate", "--dry-run", "--detailed-exitcode"}).exit, Exit{2});
  daemon.Plans(PlanOf({}));
  EXPECT_EQ(RunTelec(daemon, {"migrate", "--dry-run", "--detailed-exitcode"}).exit, Exit{0});
}

TEST(Migrate, AFailureIsExplainedWithWhatToDoNext) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  daemon.Runs({Started(2), MigrationStarted(kTwo[0], 1), Ended(kTwo[0]),
               MigrationStarted(kTwo[1], 2), Output(kTwo[1], "reading\nhalf way\n"),
               Failed(kTwo[1]), RunEnded(api::RUN_OUTCOME_FAILED, 1, "1.0.0")});
  const Finished telec = RunTelec(daemon, {"migrate", "--host", daemon.socket()});
  const std::string where = " --host " + daemon.socket() + "\n";
  EXPECT_EQ(
      telec.out.substr(telec.out.find("[1/2]")),
      "[1/2] applied         1.1.0/001_colour.py (12 ms)\n"
      "    002_notes.py | reading\n"
      "    002_notes.py | half way\n"
      "[2/2] failed          1.1.0/002_notes.py (12 ms)\n"
      "  in migrate(): ValueError: no such colour\n"
      "    Traceback (most recent call last):\n"
      "      File \"x.py\", line 7, in migrate\n"
      "    ValueError: no such colour\n"
      "  The end of its output:\n"
      "    | reading\n"
      "    | half way\n"
      "The run failed.\n"
      "What was applied before is recorded: 1 applied. At version 1.0.0.\n"
      "Once the cause is mended, go on with it:  telec migrate" +
          where +
          "All of its output:                        telec migrate logs 7-ab12 1.1.0/002_notes.py" +
          where +
          "To settle it by hand:                     telec migrate resolve 1.1.0/002_notes.py "
          "--applied|--skipped --reason TEXT" +
          where);
  EXPECT_EQ(telec.exit, Exit{1});
}

TEST(Migrate, ARunThatWasStoppedIsNeitherSuccessNorFailure) {
  for (const auto outcome : {api::RUN_OUTCOME_CANCELLED, api::RUN_OUTCOME_INTERRUPTED}) {
    FakeDaemon daemon;
    daemon.Plans(PlanOf(kTwo));
    daemon.Runs({Started(2), RunEnded(outcome, 0, "1.0.0")});
    const Finished telec = RunTelec(daemon, {"migrate"});
    EXPECT_EQ(telec.exit, Exit{5});
    EXPECT_THAT(telec.out, HasSubstr("To go on:  telec migrate\n"));
  }
}

TEST(Migrate, DetachedItSaysHowToWatchAndLeaves) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  daemon.Runs(RunOf(kTwo));
  daemon.PausesBefore(2);
  const Finished telec = RunTelec(daemon, {"migrate", "--detach"});
  EXPECT_THAT(telec.out, HasSubstr("Run 7-ab12 was started.\n"));
  EXPECT_EQ(telec.err, "To watch it: telec migrate watch 7-ab12\n");
  EXPECT_EQ(telec.exit, Exit{0});
}

TEST(Migrate, APlanThatMovedIsRefused) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  daemon.Refuses(
      "Run",
      {.reason = "PLAN_MOVED", .message = "1.1.0/003_new.py appeared", .hint = "Look again."});
  const Finished telec = RunTelec(daemon, {"migrate"});
  EXPECT_EQ(telec.err, "error: 1.1.0/003_new.py appeared\nhint: Look again.\n");
  EXPECT_EQ(telec.exit, Exit{6});
}

TEST(Migrate, ABusyHostIsToldAtOnce) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  daemon.Refuses("Run", {.code = 10, .reason = "RUN_IN_PROGRESS", .message = "ann runs 7-ab12"});
  EXPECT_EQ(RunTelec(daemon, {"migrate"}).exit, Exit{75});
}

TEST(Migrate, WaitsForAnotherRunToEndAndPlansAfterIt) {
  FakeDaemon daemon;
  api::HostStatus busy;
  busy.mutable_current_run()->set_run_id(FakeDaemon::kRunId);
  busy.mutable_current_run()->mutable_requester()->set_user("ann");
  daemon.HasStatus(busy);
  daemon.Plans(PlanOf(kTwo));
  daemon.Runs(RunOf(kTwo));
  daemon.PausesBefore(3);
  Process telec(Telec(daemon, {"migrate", "--wait", "10m"}));
  EXPECT_TRUE(telec.Says("Waiting for run 7-ab12 of ann"));
  daemon.AwaitWatch();
  EXPECT_TRUE(daemon.plan_requests().empty());
  daemon.HasStatus(api::HostStatus());
  daemon.GoesOn();
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_EQ(daemon.run_requests().size(), 1U);
}

TEST(Migrate, WaitsNoLongerThanItWasTold) {
  FakeDaemon daemon;
  api::HostStatus busy;
  busy.mutable_current_run()->set_run_id(FakeDaemon::kRunId);
  daemon.HasStatus(busy);
  daemon.Runs(RunOf(kTwo));
  daemon.PausesBefore(3);
  const Finished telec = RunTelec(daemon, {"migrate", "--wait", "1ms"});
  EXPECT_THAT(telec.err, HasSubstr("did not end in the time given by --wait"));
  EXPECT_EQ(telec.exit, Exit{75});
}

TEST(Migrate, WhoeverWasFasterIsWaitedForToo) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf(kTwo));
  daemon.Runs(RunOf(kTwo));
  daemon.Refuses("Run", {.code = 10, .reason = "RUN_IN_PROGRESS", .message = "ann runs 7-ab12"});
  EXPECT_EQ(RunTelec(daemon, {"migrate", "--wait", "1m"}).exit, Exit{0});
  EXPECT_EQ(daemon.plan_requests().size(), 2U);
}

TEST(Migrate, WarnsOfWhatIsOddInTheCatalogue) {
  FakeDaemon daemon;
  api::Plan plan = PlanOf(kTwo);
  plan.add_findings()->set_subject("/m/1.2.0");
  plan.mutable_findings(0)->set_message("is ignored: its name has no v");
  plan.mutable_migrations(0)->set_modified(true);
  plan.mutable_migrations(1)->set_action(api::ACTION_OUT_OF_ORDER);
  for (const char* id : {"a", "b", "c", "d", "e", "f", "g"}) plan.add_missing_migration_ids(id);
  daemon.Plans(plan);
  const Finished telec = RunTelec(daemon, {"migrate", "--dry-run"});
  EXPECT_EQ(telec.err,
            "warning: '/m/1.2.0': is ignored: its name has no v\n"
            "warning: modified since recorded (not run again): 1.1.0/001_colour.py\n"
            "warning: recorded, but no longer in the catalogue: a, b, c, d, e and 2 more\n"
            "warning: out of order, a run is refused: 1.1.0/002_notes.py. Include them with "
            "--out-of-order, or settle each with resolve.\n");
  EXPECT_THAT(telec.out, HasSubstr("  OUT OF ORDER  1.1.0/002_notes.py"));
}

TEST(Migrate, APlanOfTenThousandMigrationsArrives) {
  FakeDaemon daemon;
  std::vector<std::string> ids;
  ids.reserve(10'000);
  for (int i = 0; i < 10'000; ++i)
    ids.push_back("1.1.0/" + std::to_string(i) + std::string(500, 'x') + ".py");
  daemon.Plans(PlanOf(ids));
  const Finished telec = RunTelec(daemon, {"migrate", "--dry-run"});
  EXPECT_THAT(telec.out, StartsWith("Plan: 1.0.0 -> 1.1.0, 10000 pending."));
  EXPECT_EQ(telec.err, "");
}

}  // namespace
}  // namespace telec::testing

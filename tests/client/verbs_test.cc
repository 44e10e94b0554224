#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/client/facts.h"
#include "tests/client/telec.h"

namespace telec::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// 2031-05-04 13:02:11 UTC.
constexpr std::int64_t kTime = 1'935'666'131'000'000;

api::RunSummary Summary(const std::string& id, api::RunOutcome outcome) {
  api::RunSummary run;
  run.set_run_id(id);
  run.set_kind(api::RUN_KIND_RUN);
  run.mutable_requester()->set_user("ann");
  run.set_from_version("1.0.0");
  run.set_to_version("1.1.0");
  run.set_started_unix_us(kTime);
  run.set_ended_unix_us(kTime + 1'000'000);
  run.set_outcome(outcome);
  run.set_total(3);
  run.set_applied(2);
  return run;
}

TEST(Status, SaysWhereTheHostStands) {
  FakeDaemon daemon;
  api::HostStatus status;
  status.set_daemon_version("0.1.0");
  status.set_current_version("1.0.0");
  status.set_latest_version("1.1.0");
  status.set_recorded(12);
  status.set_pending(3);
  status.set_out_of_order(1);
  status.set_serving(true);
  status.set_migrations_directory("/m");
  status.set_state_file("/s/migration_state.json");
  *status.mutable_last_run() = Summary("6-aa", api::RUN_OUTCOME_SUCCEEDED);
  status.mutable_current_run()->set_run_id("7-ab12");
  status.mutable_current_run()->set_from_version("1.0.0");
  status.mutable_current_run()->set_to_version("1.1.0");
  status.mutable_current_run()->set_started_unix_us(kTime);
  status.mutable_current_run()->mutable_requester()->set_uid(1000);
  status.add_interrupted_migration_ids("1.1.0/001_x.py");
  daemon.HasStatus(status);
  const Finished telec = RunTelec(daemon, {"migrate", "status"});
  EXPECT_EQ(telec.out,
            "Version      1.0.0 (latest 1.1.0)\n"
            "Migrations   12 recorded, 3 pending\n"
            "             1 out of order\n"
            "Running      7-ab12 (1.0.0 -> 1.1.0) running, by uid 1000, since 2031-05-04 13:02:11\n"
            "             telec migrate watch 7-ab12\n"
            "Last run     6-aa (1.0.0 -> 1.1.0) succeeded, by ann, ended 2031-05-04 13:02:12\n"
            "Interrupted  1.1.0/001_x.py (the next run asks its check())\n"
            "Catalogue    /m\n"
            "State        /s/migration_state.json\n"
            "Daemon       migrationd 0.1.0\n");
  EXPECT_EQ(telec.exit, Exit{0});
}

TEST(Status, ShowsAFailureUntilALaterRunPassesIt) {
  FakeDaemon daemon;
  api::HostStatus status;
  status.set_serving(true);
  status.mutable_failure()->set_migration_id("1.1.0/001_x.py");
  status.mutable_failure()->set_run_id("7-ab12");
  status.mutable_failure()->set_outcome(api::OUTCOME_TIMED_OUT);
  status.mutable_failure()->set_time_unix_us(kTime);
  status.mutable_failure()->mutable_failure()->set_phase(api::PHASE_MIGRATE);
  status.mutable_failure()->mutable_failure()->set_message("took longer than 300 s");
  status.mutable_failure()->mutable_failure()->set_signal(9);
  daemon.HasStatus(status);
  EXPECT_THAT(RunTelec(daemon, {"migrate", "status"}).out,
              HasSubstr("\ntimed out 1.1.0/001_x.py in run 7-ab12, 2031-05-04 13:02:11\n"
                        "  in migrate(): took longer than 300 s\n"
                        "  Its process was ended by signal 9 (SIGKILL).\n"));
}

TEST(Status, SaysWhatKeepsRunsFromBeingStarted) {
  FakeDaemon daemon;
  api::HostStatus status;
  status.add_problems("The state file is damaged. Restore it.");
  daemon.HasStatus(status);
  const Finished telec = RunTelec(daemon, {"migrate", "status"});
  EXPECT_THAT(telec.out,
              HasSubstr("\nNo run can be started.\nThe state file is damaged. Restore it.\n"));
  EXPECT_EQ(telec.exit, Exit{0});
}

TEST(History, IsATableOfAllPages) {
  FakeDaemon daemon;
  api::RunSummary resolved = Summary("9-cc", api::RUN_OUTCOME_SUCCEEDED);
  resolved.set_kind(api::RUN_KIND_RESOLVE);
  resolved.set_subject("1.1.0/001_x.py");
  resolved.set_message("not on this host");
  api::RunSummary failed = Summary("8-bb", api::RUN_OUTCOME_FAILED);
  failed.set_message("1.1.0/003_z.py did not end well");
  daemon.HasHistory({resolved, failed, Summary("7-aa", api::RUN_OUTCOME_SUCCEEDED)});
  const Finished telec = RunTelec(daemon, {"migrate", "history"});
  EXPECT_EQ(telec.out,
            "RUN   STARTED              BY   WHAT                    OUTCOME    DETAILS\n"
            "9-cc  2031-05-04 13:02:11  ann  resolve 1.1.0/001_x.py  recorded   not on this host\n"
            "8-bb  2031-05-04 13:02:11  ann  1.0.0 -> 1.1.0          failed     2 of 3 applied; "
            "1.1.0/003_z.py did not end well\n"
            "7-aa  2031-05-04 13:02:11  ann  1.0.0 -> 1.1.0          succeeded  2 of 3 applied\n");
}

TEST(History, OfNothingSaysSo) {
  FakeDaemon daemon;
  EXPECT_EQ(RunTelec(daemon, {"migrate", "history"}).out, "Nothing was run yet.\n");
}

TEST(History, HasALimit) {
  FakeDaemon daemon;
  daemon.HasHistory({Summary("3-a", api::RUN_OUTCOME_SUCCEEDED),
                     Summary("2-a", api::RUN_OUTCOME_SUCCEEDED),
                     Summary("1-a", api::RUN_OUTCOME_SUCCEEDED)});
  const Finished telec = RunTelec(daemon, {"migrate", "history", "--limit", "1"});
  EXPECT_THAT(telec.out, HasSubstr("3-a"));
  EXPECT_THAT(telec.out, ::testing::Not(HasSubstr("2-a")));
  EXPECT_THAT(telec.err, HasSubstr("older ones"));
}

TEST(History, OfOneRunIsItsEventsAsFarAsTheyGo) {
  FakeDaemon daemon;
  daemon.Runs(RunOf({"1.1.0/001_x.py"}));
  daemon.PausesBefore(4);
  const Finished telec = RunTelec(daemon, {"migrate", "history", "7"});
  EXPECT_TRUE(daemon.watch_requests().at(0).no_follow());
  EXPECT_EQ(daemon.watch_requests().at(0).run_id(), "7");
  EXPECT_THAT(telec.out, HasSubstr("[1/1] applied         1.1.0/001_x.py"));
  EXPECT_EQ(telec.exit, Exit{0});
}

TEST(Watch, FollowsARunToItsEndAndHasItsExitCode) {
  FakeDaemon daemon;
  daemon.Runs({Started(1), MigrationStarted("1.1.0/001_x.py", 1), Failed("1.1.0/001_x.py"),
               RunEnded(api::RUN_OUTCOME_FAILED)});
  daemon.PausesBefore(3);
  Process telec(Telec(daemon, {"migrate", "watch", "7"}));
  EXPECT_TRUE(telec.Prints("Run 7-ab12"));
  daemon.GoesOn();
  EXPECT_EQ(telec.Wait(), Exit{1});
  EXPECT_EQ(daemon.watch_requests().at(0).after_sequence(), 0U);
}

TEST(Watch, ARunThatIsNotThereIsRefused) {
  FakeDaemon daemon;
  daemon.Refuses("Watch", {.code = 5, .reason = "RUN_NOT_FOUND", .message = "no run '99'"});
  const Finished telec = RunTelec(daemon, {"migrate", "watch", "99"});
  EXPECT_EQ(telec.err, "error: no run '99'\n");
  EXPECT_EQ(telec.exit, Exit{6});
}

TEST(Logs, AreTheOutputOfEachMigration) {
  FakeDaemon daemon;
  daemon.Runs({Started(2), MigrationStarted("1.1.0/001_x.py", 1),
               Output("1.1.0/001_x.py", "one\ntwo\n"), Ended("1.1.0/001_x.py"),
               MigrationStarted("1.1.0/002_y.py", 2), Output("1.1.0/002_y.py", "\x1b[1mthree\n"),
               Ended("1.1.0/002_y.py"), RunEnded()});
  EXPECT_EQ(RunTelec(daemon, {"migrate", "logs"}).out,
            "1.1.0/001_x.py | one\n1.1.0/001_x.py | two\n1.1.0/002_y.py | ^[[1mthree\n");
  EXPECT_EQ(RunTelec(daemon, {"migrate", "logs", "1.1.0/001_x.py"}).out, "one\ntwo\n");
  const Finished telec = RunTelec(daemon, {"migrate", "logs", "7", "1.1.0/009_no.py"});
  EXPECT_EQ(telec.out, "");
  EXPECT_EQ(telec.err, "The run did not start '1.1.0/009_no.py'.\n");
}

TEST(Logs, InJsonAreTheEventsWithTheExactText) {
  FakeDaemon daemon;
  daemon.Runs({Started(1), Output("1.1.0/001_x.py", "\x1b[1m\n"), RunEnded()});
  EXPECT_THAT(RunTelec(daemon, {"migrate", "logs", "-o", "json"}).out,
              HasSubstr("\"text\":\"\\u001b[1m\\n\""));
}

TEST(Cancel, IsGracefulUnlessItIsToBeNow) {
  FakeDaemon daemon;
  const Finished graceful = RunTelec(daemon, {"migrate", "cancel"});
  EXPECT_EQ(graceful.out, "Run 7-ab12 stops after its current migration.\n");
  EXPECT_EQ(daemon.AwaitCancel(1).mode(), api::CANCEL_MODE_AFTER_CURRENT);
  const Finished now = RunTelec(daemon, {"migrate", "cancel", "7", "--now"});
  EXPECT_EQ(now.out, "Run 7-ab12 is being stopped now.\n");
  EXPECT_EQ(daemon.AwaitCancel(2).mode(), api::CANCEL_MODE_NOW);
  EXPECT_EQ(daemon.AwaitCancel(2).run_id(), "7");
}

TEST(Cancel, OfNothingIsRefused) {
  FakeDaemon daemon;
  daemon.Refuses("Cancel",
                 {.code = 5, .reason = "NO_RUN_IN_PROGRESS", .message = "nothing is running"});
  EXPECT_EQ(RunTelec(daemon, {"migrate", "cancel"}).exit, Exit{6});
}

TEST(Resolve, SettlesOneMigrationWithAReason) {
  FakeDaemon daemon;
  const Finished telec = RunTelec(
      daemon, {"migrate", "resolve", "1.1.0/001_x.py", "--applied", "--reason", "by hand"});
  EXPECT_EQ(telec.out, "1.1.0/001_x.py is settled as applied (history entry 8-cd34).\n");
  const api::ResolveRequest request = daemon.resolve_requests().at(0);
  EXPECT_EQ(request.migration_id(), "1.1.0/001_x.py");
  EXPECT_EQ(request.resolution(), api::RESOLUTION_APPLIED);
  EXPECT_EQ(request.reason(), "by hand");
  EXPECT_EQ(request.request_id().size(), 36U);
}

TEST(Baseline, SetsTheVersion) {
  FakeDaemon daemon;
  const Finished telec = RunTelec(daemon, {"migrate", "baseline", "1.2.0", "--reason", "image"});
  EXPECT_EQ(telec.out, "This host is at version 1.2.0 (history entry 9-ef56).\n");
  EXPECT_EQ(daemon.baseline_requests().at(0).version(), "1.2.0");
  EXPECT_EQ(daemon.baseline_requests().at(0).reason(), "image");
}

TEST(AnyVerb, SaysWhenTheDaemonDoesNotKnowIt) {
  FakeDaemon daemon;
  daemon.Refuses("Resolve", {.code = 12});
  const Finished telec =
      RunTelec(daemon, {"migrate", "resolve", "x", "--applied", "--reason", "y"});
  EXPECT_THAT(telec.err, HasSubstr("does not know this call\nhint: It is older than this telec"));
  EXPECT_EQ(telec.exit, Exit{6});
}

TEST(AnyVerb, IsNotPermittedToAViewer) {
  FakeDaemon daemon;
  daemon.Refuses("Resolve",
                 {.code = 7, .reason = "PERMISSION_DENIED", .message = "viewers may only ask"});
  EXPECT_EQ(RunTelec(daemon, {"migrate", "resolve", "x", "--applied", "--reason", "y"}).exit,
            Exit{4});
}

}  // namespace
}  // namespace telec::testing

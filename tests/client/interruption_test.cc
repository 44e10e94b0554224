#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "tests/client/facts.h"
#include "tests/client/telec.h"

namespace telec::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::vector<std::string> kThree = {"1.1.0/001_x.py", "1.1.0/002_y.py", "1.1.0/003_z.py"};

/// A run of three that pauses within its second migration.
class Interrupted : public ::testing::Test {
 public:
  Interrupted() {
    daemon.Plans(PlanOf(kThree));
    daemon.Runs(RunOf(kThree));
    daemon.PausesBefore(5);
  }

  FakeDaemon daemon;
};

/// "1 2 3 …": the events that a JSON run has shown.
std::string Sequences(const std::string& out) {
  const std::string key = "\"sequence\":\"";
  std::string numbers;
  for (std::size_t at = out.find(key); at != std::string::npos; at = out.find(key, at)) {
    at += key.size();
    numbers += (numbers.empty() ? "" : " ") + out.substr(at, out.find('"', at) - at);
  }
  return numbers;
}

TEST_F(Interrupted, TheFirstCtrlCStopsAfterTheCurrentMigration) {
  Process telec(Telec(daemon, {"migrate"}));
  ASSERT_TRUE(telec.Prints("[1/3] applied"));
  telec.Signal(SIGINT);
  EXPECT_EQ(daemon.AwaitCancel().mode(), api::CANCEL_MODE_AFTER_CURRENT);
  EXPECT_EQ(daemon.AwaitCancel().run_id(), FakeDaemon::kRunId);
  EXPECT_TRUE(telec.Says("Stopping after the current migration. Ctrl-C again stops it now.\n"));
  daemon.GoesOnWith({Ended(kThree[1]), RunEnded(api::RUN_OUTCOME_CANCELLED, 2, "1.0.0")});
  EXPECT_EQ(telec.Wait(), Exit{5});
  EXPECT_THAT(telec.Output(), HasSubstr("The run was cancelled.\n"));
}

TEST_F(Interrupted, TheSecondStopsItNow) {
  Process telec(Telec(daemon, {"migrate"}));
  ASSERT_TRUE(telec.Prints("[1/3] applied"));
  telec.Signal(SIGINT);
  daemon.AwaitCancel(1);
  telec.Signal(SIGINT);
  EXPECT_EQ(daemon.AwaitCancel(2).mode(), api::CANCEL_MODE_NOW);
  EXPECT_TRUE(telec.Says("Stopping the current migration now."));
  daemon.GoesOnWith(
      {Ended(kThree[1], api::OUTCOME_CANCELLED), RunEnded(api::RUN_OUTCOME_CANCELLED, 1, "1.0.0")});
  EXPECT_EQ(telec.Wait(), Exit{5});
}

TEST_F(Interrupted, TheThirdLeavesItToTheDaemon) {
  Process telec(Telec(daemon, {"migrate"}));
  ASSERT_TRUE(telec.Prints("[1/3] applied"));
  telec.Signal(SIGINT);
  daemon.AwaitCancel(1);
  telec.Signal(SIGINT);
  daemon.AwaitCancel(2);
  telec.Signal(SIGINT);
  EXPECT_EQ(telec.Wait(), Exit{3});
  EXPECT_THAT(telec.Errors(), HasSubstr("To re-attach: telec migrate watch 7-ab12\n"));
}

TEST_F(Interrupted, BeforeThereIsARunCtrlCJustEndsTheCommand) {
  daemon.Plans(PlanOf({}));
  api::HostStatus busy;
  busy.mutable_current_run()->set_run_id(FakeDaemon::kRunId);
  daemon.HasStatus(busy);
  Process telec(Telec(daemon, {"migrate", "--wait", "10m"}));
  daemon.AwaitWatch();
  telec.Signal(SIGINT);
  EXPECT_EQ(telec.Wait(), (Exit{-1, SIGINT}));
}

TEST_F(Interrupted, AClosedTerminalDetaches) {
  for (const int signal : {SIGHUP, SIGTERM}) {
    Process telec(Telec(daemon, {"migrate"}));
    ASSERT_TRUE(telec.Prints("[1/3] applied"));
    telec.Signal(signal);
    EXPECT_EQ(telec.Wait(), Exit{3});
    EXPECT_THAT(
        telec.Errors(),
        HasSubstr(
            "Run 7-ab12 goes on without this command. To re-attach: telec migrate watch 7-ab12\n"));
  }
}

TEST_F(Interrupted, AReaderThatGoesAwayDetaches) {
  Process telec(Telec(daemon, {"migrate"}));
  ASSERT_TRUE(telec.Prints("[1/3] applied"));
  telec.StopListening();
  daemon.GoesOnUntilBefore(7);
  EXPECT_EQ(telec.Wait(), Exit{3});
  EXPECT_THAT(telec.Errors(), HasSubstr("goes on without this command"));
}

TEST_F(Interrupted, CtrlCOfAWatcherLeavesTheRunAlone) {
  Process telec(Telec(daemon, {"migrate", "watch"}));
  ASSERT_TRUE(telec.Prints("[1/3] applied"));
  telec.Signal(SIGINT);
  EXPECT_EQ(telec.Wait(), Exit{3});
  EXPECT_THAT(telec.Errors(),
              HasSubstr("No longer watching run 7-ab12. To cancel it: telec migrate cancel\n"));
}

TEST_F(Interrupted, ADaemonThatComesBackIsReattachedWithoutGapOrRepeat) {
  Process telec(Telec(daemon, {"migrate", "-o", "json"}));
  ASSERT_TRUE(telec.Prints("\"sequence\":\"4\""));
  daemon.Stops();
  EXPECT_TRUE(telec.Says("Lost contact"));
  daemon.Starts();
  const api::WatchRequest again = daemon.AwaitWatch();
  EXPECT_EQ(again.run_id(), FakeDaemon::kRunId);
  EXPECT_EQ(again.after_sequence(), 4U);
  EXPECT_TRUE(again.has_after_time_unix_us());
  daemon.GoesOn();
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_EQ(Sequences(telec.Output()), "1 2 3 4 5 6 7 8");
}

TEST_F(Interrupted, SoIsOneThatSendsEachEventAlone) {
  daemon.IsOlder();
  Process telec(Telec(daemon, {"migrate", "-o", "json"}));
  ASSERT_TRUE(telec.Prints("\"sequence\":\"4\""));
  daemon.Stops();
  EXPECT_TRUE(telec.Says("Lost contact"));
  daemon.Starts();
  EXPECT_EQ(daemon.AwaitWatch().after_sequence(), 4U);
  daemon.GoesOn();
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_EQ(Sequences(telec.Output()), "1 2 3 4 5 6 7 8");
}

TEST_F(Interrupted, ARunWhoseFirstEventGotLostIsAskedForAgainUnderTheSameId) {
  daemon.Refuses("Run", {.code = 14, .message = "connection reset"});
  daemon.GoesOn();
  EXPECT_EQ(RunTelec(daemon, {"migrate"}).exit, Exit{0});
  ASSERT_EQ(daemon.run_requests().size(), 2U);
  EXPECT_EQ(daemon.run_requests()[0].request_id(), daemon.run_requests()[1].request_id());
}

TEST_F(Interrupted, CtrlCWithoutContactIsPassedOnOnceThereIsSome) {
  Process telec(Telec(daemon, {"migrate"}));
  ASSERT_TRUE(telec.Prints("[1/3] applied"));
  daemon.Stops();
  ASSERT_TRUE(telec.Says("Lost contact"));
  telec.Signal(SIGINT);
  ASSERT_TRUE(telec.Says("Stopping after the current migration."));
  daemon.Starts();
  EXPECT_EQ(daemon.AwaitCancel().mode(), api::CANCEL_MODE_AFTER_CURRENT);
  daemon.GoesOnWith({RunEnded(api::RUN_OUTCOME_CANCELLED)});
  EXPECT_EQ(telec.Wait(), Exit{5});
}

TEST_F(Interrupted, APositionThatTheLogLostIsSaidAndTheRunShownAgain) {
  Process telec(Telec(daemon, {"migrate", "-o", "json"}));
  ASSERT_TRUE(telec.Prints("\"sequence\":\"4\""));
  daemon.Stops();
  daemon.Refuses("Watch",
                 {.code = 11, .reason = "POSITION_UNKNOWN", .message = "the log ends at 3"});
  daemon.GoesOn();
  daemon.Starts();
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_THAT(telec.Errors(),
              HasSubstr("(the log ends at 3); the run is shown again from its beginning"));
  EXPECT_EQ(Sequences(telec.Output()), "1 2 3 4 1 2 3 4 5 6 7 8");
}

TEST_F(Interrupted, ARunThatIsGoneAfterwardsIsNoSuccess) {
  Process telec(Telec(daemon, {"migrate"}));
  ASSERT_TRUE(telec.Prints("[1/3] applied"));
  daemon.Stops();
  daemon.Refuses("Watch", {.code = 5, .reason = "RUN_NOT_FOUND", .message = "no run '7-ab12'"});
  daemon.Starts();
  EXPECT_EQ(telec.Wait(), Exit{6});
  EXPECT_THAT(telec.Errors(), HasSubstr("error: no run '7-ab12'"));
}

TEST(Output, AFullDiskIsNoSuccess) {
  FakeDaemon daemon;
  Launch launch = Telec(daemon, {"migrate", "status"});
  launch.output_to = "/dev/full";
  const Finished telec = migrationd::support::Execute(launch);
  EXPECT_EQ(telec.err, "error: cannot write the answer to stdout: No space left on device\n");
  EXPECT_EQ(telec.exit, Exit{6});
}

TEST(Output, AQuestionWhoseReaderIsGoneEndsQuietly) {
  FakeDaemon daemon;
  daemon.PausesBefore(1);
  Process telec(Telec(daemon, {"migrate", "history"}));
  telec.StopListening();
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_EQ(telec.Errors(), "");
}

}  // namespace
}  // namespace telec::testing

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/client/facts.h"
#include "tests/client/telec.h"

namespace telec::testing {
namespace {

using ::testing::HasSubstr;

template <typename Message>
Message Read(const std::string& json) {
  Message message;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &message);
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << json;
  return message;
}

TEST(Json, APlanIsOneDocumentOfTheApi) {
  FakeDaemon daemon;
  const api::Plan plan = PlanOf({"1.1.0/001_x.py"});
  daemon.Plans(plan);
  const Finished telec = RunTelec(daemon, {"migrate", "--dry-run", "-o", "json"});
  EXPECT_EQ(Read<api::PlanResponse>(telec.out).plan().SerializeAsString(),
            plan.SerializeAsString());
  EXPECT_EQ(telec.err, "");
}

TEST(Json, ARunIsOneLineForEachEvent) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf({"1.1.0/001_x.py"}));
  daemon.Runs(RunOf({"1.1.0/001_x.py"}));
  const Finished telec = RunTelec(daemon, {"migrate", "-o", "json"});
  std::istringstream lines(telec.out);
  std::uint64_t count = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto response = Read<api::RunResponse>(line);
    EXPECT_EQ(response.event().sequence(), ++count);
    EXPECT_EQ(response.following_size(), 0);
    EXPECT_EQ(response.run_id(), FakeDaemon::kRunId);
  }
  EXPECT_EQ(count, 4U);
  EXPECT_EQ(telec.err, "");
  EXPECT_TRUE(daemon.run_requests().at(0).accept_following());
}

TEST(Json, ARunOfADaemonThatSendsEachEventAloneIsTheSame) {
  std::vector<std::string> outs;
  for (const bool older : {false, true}) {
    FakeDaemon daemon;
    if (older) daemon.IsOlder();
    daemon.Runs(RunOf({"1.1.0/001_x.py", "1.1.0/002_y.py"}));
    outs.push_back(RunTelec(daemon, {"migrate", "watch", "-o", "json"}).out);
    EXPECT_TRUE(daemon.AwaitWatch().accept_following());
  }
  EXPECT_THAT(outs[0], HasSubstr("\"sequence\":\"6\""));
  EXPECT_EQ(outs[0], outs[1]);
}

TEST(Json, NothingToDoIsNoLine) {
  FakeDaemon daemon;
  api::Plan plan = PlanOf({});
  plan.set_current_version("1.1.0");
  daemon.Plans(plan);
  const Finished telec = RunTelec(daemon, {"migrate", "-o", "json"});
  EXPECT_EQ(telec.out, "");
  EXPECT_EQ(telec.err, "{\"notice\":{\"message\":\"Nothing to do.\"}}\n");
}

TEST(Json, EveryQuestionIsAnsweredWithItsMessage) {
  FakeDaemon daemon;
  api::HostStatus status;
  status.set_current_version("1.0.0");
  daemon.HasStatus(status);
  api::RunSummary run;
  run.set_run_id("1-aa");
  daemon.HasHistory({run, run, run});
  EXPECT_EQ(RunTelec(daemon, {"migrate", "status", "-o", "json"}).out,
            "{\"status\":{\"currentVersion\":\"1.0.0\"}}\n");
  EXPECT_EQ(RunTelec(daemon, {"migrate", "history", "-o", "json"}).out,
            "{\"runs\":[{\"runId\":\"1-aa\"},{\"runId\":\"1-aa\"},{\"runId\":\"1-aa\"}]}\n");
  EXPECT_EQ(RunTelec(daemon, {"migrate", "cancel", "-o", "json"}).out, "{\"runId\":\"7-ab12\"}\n");
  EXPECT_EQ(
      RunTelec(daemon, {"migrate", "resolve", "x", "--applied", "--reason", "y", "-o", "json"}).out,
      "{\"runId\":\"8-cd34\"}\n");
  EXPECT_EQ(RunTelec(daemon, {"migrate", "baseline", "1.2.0", "-o", "json"}).out,
            "{\"runId\":\"9-ef56\",\"currentVersion\":\"1.2.0\"}\n");
}

TEST(Json, AnErrorIsALineOnStderr) {
  FakeDaemon daemon;
  daemon.Refuses("Plan", {.code = 9,
                          .reason = "CATALOGUE_INVALID",
                          .message = "two 'folders'",
                          .hint = "Remove one."});
  const Finished telec = RunTelec(daemon, {"migrate", "-o", "json"});
  EXPECT_EQ(telec.out, "");
  EXPECT_EQ(telec.err,
            "{\"error\":{\"code\":\"FAILED_PRECONDITION\",\"reason\":\"CATALOGUE_INVALID\","
            "\"message\":\"two "
            "'folders'\",\"hint\":\"Remove one.\"}}\n");
  EXPECT_EQ(telec.exit, Exit{6});
}

TEST(Json, SoIsAnErrorOfTheCommandLine) {
  const Finished telec = RunTelec({"migrate", "--bad", "-o", "json"});
  EXPECT_THAT(telec.err,
              HasSubstr("{\"error\":{\"code\":\"INVALID_ARGUMENT\",\"reason\":\"USAGE\","));
  EXPECT_EQ(telec.exit, Exit{64});
}

TEST(Json, ADetachedRunIsItsFirstEvent) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf({"1.1.0/001_x.py"}));
  daemon.Runs(RunOf({"1.1.0/001_x.py"}));
  daemon.PausesBefore(2);
  const Finished telec = RunTelec(daemon, {"migrate", "--detach", "-o", "json"});
  EXPECT_EQ(Read<api::RunResponse>(telec.out).run_id(), FakeDaemon::kRunId);
}

TEST(Json, ADetachedRunIsItsFirstEventWhateverCameWithIt) {
  FakeDaemon daemon;
  daemon.Plans(PlanOf({"1.1.0/001_x.py"}));
  daemon.Runs(RunOf({"1.1.0/001_x.py"}));
  const Finished telec = RunTelec(daemon, {"migrate", "--detach", "-o", "json"});
  EXPECT_EQ(Read<api::RunResponse>(telec.out).event().sequence(), 1U);
}

}  // namespace
}  // namespace telec::testing

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/rpc/served_host.h"

namespace migrationd::rpc {
namespace {

class Calls : public testing::Test {
 protected:
  void ExpectRefused(const grpc::Status& status, grpc::StatusCode code, const std::string& reason) {
    EXPECT_EQ(status.error_code(), code) << status.error_message();
    EXPECT_EQ(TrailerOf(*context_, "telec-reason"), reason);
    EXPECT_FALSE(TrailerOf(*context_, "telec-hint").empty());
  }
  grpc::ClientContext* NewContext() {
    context_ = Context();
    return context_.get();
  }

  ServedHost host_;
  Client client_ = host_.Connect();
  std::unique_ptr<grpc::ClientContext> context_;
};

TEST_F(Calls, PlanAnswersThePlan) {
  api::PlanResponse response;
  ASSERT_TRUE(client_.api->Plan(NewContext(), {}, &response).ok());
  ASSERT_EQ(response.plan().migrations_size(), 2);
  EXPECT_EQ(response.plan().migrations(0).migration_id(), "1.1.0/001_a.py");
  EXPECT_EQ(response.plan().migrations(0).action(), api::ACTION_PENDING);
  EXPECT_EQ(response.plan().pending(), 2U);
  EXPECT_FALSE(response.plan().digest().empty());
}

TEST_F(Calls, PlanIsProbedOnRequest) {
  host_.Do([this] { host_.runner.On("1.1.0/001_a.py").WasApplied(); });
  api::PlanRequest request;
  request.set_probe(true);
  api::PlanResponse response;
  ASSERT_TRUE(client_.api->Plan(NewContext(), request, &response).ok());
  EXPECT_EQ(response.plan().migrations(0).probe(), api::PROBE_RESULT_APPLIED);
  EXPECT_EQ(response.plan().migrations(1).probe(), api::PROBE_RESULT_NOT_APPLIED);
}

TEST_F(Calls, PlanRefusesWhatMakesNoSense) {
  api::PlanRequest request;
  request.set_from_version("2.0");
  request.set_to_version("1.0");
  api::PlanResponse response;
  ExpectRefused(client_.api->Plan(NewContext(), request, &response),
                grpc::StatusCode::INVALID_ARGUMENT, "BACKWARD_RANGE");
  request.set_to_version("latest");
  ExpectRefused(client_.api->Plan(NewContext(), request, &response),
                grpc::StatusCode::INVALID_ARGUMENT, "INVALID_VERSION");
  request.set_to_version(std::string(600, '1'));
  ExpectRefused(client_.api->Plan(NewContext(), request, &response),
                grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT");
}

TEST_F(Calls, PlanAndRunRefuseABadCatalogue) {
  host_.Do([this] { host_.catalogue.Write("v1.1/001_x.py"); });
  api::PlanResponse response;
  ExpectRefused(client_.api->Plan(NewContext(), {}, &response),
                grpc::StatusCode::FAILED_PRECONDITION, "CATALOGUE_INVALID");
  auto reader = client_.api->Run(NewContext(), {});
  api::RunResponse event;
  EXPECT_FALSE(reader->Read(&event));
  ExpectRefused(reader->Finish(), grpc::StatusCode::FAILED_PRECONDITION, "CATALOGUE_INVALID");
}

TEST_F(Calls, StatusAnswersWhereTheHostStands) {
  const std::string run = host_.RunToItsEnd();
  api::StatusResponse response;
  ASSERT_TRUE(client_.api->Status(NewContext(), {}, &response).ok());
  EXPECT_EQ(response.status().current_version(), "1.1.0");
  EXPECT_EQ(response.status().recorded(), 2U);
  EXPECT_EQ(response.status().last_run().run_id(), run);
  EXPECT_EQ(response.status().last_run().outcome(), api::RUN_OUTCOME_SUCCEEDED);
  EXPECT_TRUE(response.status().serving());
  EXPECT_FALSE(response.status().has_current_run());
}

TEST_F(Calls, RunIsRefusedWhileAnotherGoesOn) {
  host_.Do([this] { host_.runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
  const auto first_context = Context();
  const auto first = client_.api->Run(first_context.get(), {});
  host_.AwaitScript("1.1.0/001_a.py");
  const auto second = client_.api->Run(NewContext(), {});
  api::RunResponse event;
  EXPECT_FALSE(second->Read(&event));
  ExpectRefused(second->Finish(), grpc::StatusCode::ABORTED, "RUN_IN_PROGRESS");
}

TEST_F(Calls, RunTakesThePlanThatWasAgreedTo) {
  api::PlanResponse plan;
  ASSERT_TRUE(client_.api->Plan(NewContext(), {}, &plan).ok());
  host_.Do([this] { host_.catalogue.Write("v1.1.0/003_c.py"); });
  api::RunRequest request;
  request.set_plan_digest(plan.plan().digest());
  const auto reader = client_.api->Run(NewContext(), request);
  api::RunResponse event;
  EXPECT_FALSE(reader->Read(&event));
  const grpc::Status status = reader->Finish();
  ExpectRefused(status, grpc::StatusCode::FAILED_PRECONDITION, "PLAN_MOVED");
  EXPECT_NE(status.error_message().find("1.1.0/003_c.py was added"), std::string::npos);
}

TEST_F(Calls, CancelNamesTheRunThatIsStopping) {
  api::CancelResponse response;
  ExpectRefused(client_.api->Cancel(NewContext(), {}, &response), grpc::StatusCode::NOT_FOUND,
                "NO_RUN_IN_PROGRESS");

  host_.Do([this] { host_.runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
  const auto run_context = Context();
  const auto run = client_.api->Run(run_context.get(), {});
  api::RunResponse event;
  ASSERT_TRUE(run->Read(&event));
  api::CancelRequest request;
  request.set_run_id("99");
  ExpectRefused(client_.api->Cancel(NewContext(), request, &response), grpc::StatusCode::NOT_FOUND,
                "RUN_NOT_FOUND");
  request.set_run_id("not a run");
  ExpectRefused(client_.api->Cancel(NewContext(), request, &response),
                grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT");
  request.set_run_id(event.run_id());
  request.set_mode(api::CANCEL_MODE_NOW);
  ASSERT_TRUE(client_.api->Cancel(NewContext(), request, &response).ok());
  EXPECT_EQ(response.run_id(), event.run_id());
  while (run->Read(&event)) continue;
  EXPECT_TRUE(run->Finish().ok());
  EXPECT_EQ(event.event().run_ended().outcome(), api::RUN_OUTCOME_CANCELLED);
}

TEST_F(Calls, ListRunsGoesThroughTheHistoryPageByPage) {
  for (int i = 0; i < 3; ++i) host_.RunToItsEnd();
  api::ListRunsRequest request;
  request.set_page_size(2);
  api::ListRunsResponse page;
  ASSERT_TRUE(client_.api->ListRuns(NewContext(), request, &page).ok());
  ASSERT_EQ(page.runs_size(), 2);
  EXPECT_EQ(page.runs(0).run_id().substr(0, 2), "3-");
  EXPECT_FALSE(page.next_page_token().empty());
  request.set_page_token(page.next_page_token());
  api::ListRunsResponse last;
  ASSERT_TRUE(client_.api->ListRuns(NewContext(), request, &last).ok());
  ASSERT_EQ(last.runs_size(), 1);
  EXPECT_EQ(last.runs(0).run_id().substr(0, 2), "1-");
  EXPECT_EQ(last.next_page_token(), "");
}

TEST_F(Calls, ListRunsHasPagesOfFiftyAndOfAThousandAtMost) {
  host_.Do([this] {
    for (std::uint64_t number = 1; number <= 1001; ++number) {
      const std::vector<core::EventPtr> events = {
          std::make_shared<const core::Event>(core::Event{1, core::WallTime{1}, core::RunEnded{}})};
      ASSERT_TRUE(host_.store.Begin(core::MakeRunId(number, 0), events));
    }
  });
  api::ListRunsResponse page;
  ASSERT_TRUE(client_.api->ListRuns(NewContext(), {}, &page).ok());
  EXPECT_EQ(page.runs_size(), 50);
  api::ListRunsRequest request;
  request.set_page_size(4'000'000'000U);
  ASSERT_TRUE(client_.api->ListRuns(NewContext(), request, &page).ok());
  EXPECT_EQ(page.runs_size(), 1000);
}

TEST_F(Calls, ListRunsRefusesATokenThatItDidNotGive) {
  for (const char* token : {"x", "-1", "0", "1-00000000", "007"}) {
    api::ListRunsRequest request;
    request.set_page_token(token);
    api::ListRunsResponse page;
    ExpectRefused(client_.api->ListRuns(NewContext(), request, &page),
                  grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT");
  }
}

TEST_F(Calls, ResolveAnswersTheEntry) {
  api::ResolveRequest request;
  request.set_migration_id("1.1.0/001_a.py");
  request.set_resolution(api::RESOLUTION_SKIPPED);
  request.set_reason("not here");
  api::ResolveResponse response;
  ASSERT_TRUE(client_.api->Resolve(NewContext(), request, &response).ok());
  api::ListRunsResponse page;
  ASSERT_TRUE(client_.api->ListRuns(NewContext(), {}, &page).ok());
  EXPECT_EQ(page.runs(0).run_id(), response.run_id());
  EXPECT_EQ(page.runs(0).kind(), api::RUN_KIND_RESOLVE);
  EXPECT_EQ(page.runs(0).message(), "not here");
  EXPECT_EQ(page.runs(0).requester().user(), "mara");

  request.set_migration_id("1.1.0/009_x.py");
  ExpectRefused(client_.api->Resolve(NewContext(), request, &response), grpc::StatusCode::NOT_FOUND,
                "MIGRATION_NOT_FOUND");
  request.clear_reason();
  ExpectRefused(client_.api->Resolve(NewContext(), request, &response),
                grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT");
}

TEST_F(Calls, BaselineAnswersTheVersionAsItIsNowCalled) {
  api::BaselineRequest request;
  request.set_version("v1.1.0-RC.1");
  api::BaselineResponse response;
  ASSERT_TRUE(client_.api->Baseline(NewContext(), request, &response).ok());
  EXPECT_EQ(response.current_version(), "1.1.0rc1");
  EXPECT_FALSE(response.run_id().empty());
  request.set_version("latest");
  ExpectRefused(client_.api->Baseline(NewContext(), request, &response),
                grpc::StatusCode::INVALID_ARGUMENT, "INVALID_VERSION");
}

TEST_F(Calls, ARequestThatIsTooLargeIsRefusedByItsSize) {
  api::PlanRequest request;
  request.set_to_version(std::string(2U << 20U, '1'));
  api::PlanResponse response;
  EXPECT_EQ(client_.api->Plan(NewContext(), request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(client_.api->Plan(NewContext(), {}, &response).ok())
      << "the connection is as good as before";
}

}  // namespace
}  // namespace migrationd::rpc

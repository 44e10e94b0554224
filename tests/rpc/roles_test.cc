#include <gtest/gtest.h>

#include <string>

#include "tests/rpc/served_host.h"

namespace migrationd::rpc {
namespace {

class Roles : public testing::Test {
 protected:
  grpc::ClientContext* NewContext() {
    context_ = Context();
    return context_.get();
  }
  void ExpectForbidden(const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    EXPECT_NE(status.error_message().find("vera is a viewer"), std::string::npos)
        << status.error_message();
    EXPECT_EQ(TrailerOf(*context_, "telec-reason"), "PERMISSION_DENIED");
    EXPECT_NE(TrailerOf(*context_, "telec-hint").find("operator_group"), std::string::npos);
  }

  ServedHost host_;
  Client viewer_ = host_.Connect(Role::kViewer, {2000, 77, "vera"});
  std::unique_ptr<grpc::ClientContext> context_;
};

TEST_F(Roles, AViewerMayAsk) {
  host_.RunToItsEnd();
  api::PlanResponse plan;
  EXPECT_TRUE(viewer_.api->Plan(NewContext(), {}, &plan).ok());
  api::StatusResponse status;
  EXPECT_TRUE(viewer_.api->Status(NewContext(), {}, &status).ok());
  api::ListRunsResponse runs;
  EXPECT_TRUE(viewer_.api->ListRuns(NewContext(), {}, &runs).ok());
  const auto reader = viewer_.api->Watch(NewContext(), {});
  EXPECT_FALSE(ReadSequences(*reader, api::WatchResponse()).empty());
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(Roles, AViewerMayNotHaveAnythingExecutedOrChanged) {
  const auto run = viewer_.api->Run(NewContext(), {});
  EXPECT_TRUE(ReadSequences(*run, api::RunResponse()).empty());
  ExpectForbidden(run->Finish());

  api::PlanRequest probe;
  probe.set_probe(true);
  api::PlanResponse plan;
  ExpectForbidden(viewer_.api->Plan(NewContext(), probe, &plan));
  api::CancelResponse cancelled;
  ExpectForbidden(viewer_.api->Cancel(NewContext(), {}, &cancelled));
  api::ResolveRequest resolve;
  resolve.set_migration_id("1.1.0/001_a.py");
  resolve.set_resolution(api::RESOLUTION_APPLIED);
  resolve.set_reason("because");
  api::ResolveResponse resolved;
  ExpectForbidden(viewer_.api->Resolve(NewContext(), resolve, &resolved));
  api::BaselineRequest baseline;
  baseline.set_version("9.9");
  api::BaselineResponse set;
  ExpectForbidden(viewer_.api->Baseline(NewContext(), baseline, &set));

  EXPECT_EQ(host_.Do([this] { return host_.runner.started().size(); }), 0U);
  EXPECT_EQ(host_.Do([this] { return host_.store.runs(); }), 0U);
}

TEST_F(Roles, AViewersRunLeavesTheOneThatGoesOnAlone) {
  host_.Do([this] { host_.runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
  const Client client = host_.Connect();
  const auto run_context = Context();
  const auto run = client.api->Run(run_context.get(), {});
  host_.AwaitScript("1.1.0/001_a.py");
  api::CancelRequest request;
  request.set_mode(api::CANCEL_MODE_NOW);
  api::CancelResponse cancelled;
  ExpectForbidden(viewer_.api->Cancel(NewContext(), request, &cancelled));
  EXPECT_EQ(host_.Do([this] { return host_.runner.stops(); }), 0);
}

TEST_F(Roles, ARunRecordsWhoseConnectionStartedIt) {
  const Client other = host_.Connect(Role::kOperator, {3000, 88, "nora"});
  for (int call = 0; call < 2; ++call) {
    const Client mine = host_.Connect();
    const auto context = Context();
    const auto reader = (call == 0 ? other : mine).api->Run(context.get(), {});
    api::RunResponse first;
    ASSERT_TRUE(reader->Read(&first));
    EXPECT_EQ(first.event().run_started().requester().user(), call == 0 ? "nora" : "mara");
    EXPECT_EQ(first.event().run_started().requester().uid(), call == 0 ? 3000U : 1000U);
    ReadSequences(*reader, api::RunResponse());
    EXPECT_TRUE(reader->Finish().ok());
  }
}

TEST_F(Roles, SomeoneWithoutANameIsCalledByNumber) {
  const Client nameless = host_.Connect(Role::kViewer, {4000, 99, ""});
  api::CancelResponse cancelled;
  const grpc::Status status = nameless.api->Cancel(NewContext(), {}, &cancelled);
  EXPECT_NE(status.error_message().find("uid 4000 is a viewer"), std::string::npos);
}

}  // namespace
}  // namespace migrationd::rpc

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "tests/rpc/served_host.h"

namespace migrationd::rpc {
namespace {

TEST(Shutdown, EndsStreamsThatWait) {
  ServedHost host;
  host.Do([&host] { host.runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
  const Client client = host.Connect();
  const auto context = Context();
  const auto run = client.api->Run(context.get(), {});
  host.AwaitScript("1.1.0/001_a.py");
  host.server.Shutdown();
  EXPECT_EQ(ReadSequences(*run, api::RunResponse()), FromTo(1, 2));
  EXPECT_FALSE(run->Finish().ok()) << "the run has not ended, and nobody says that it has";
  EXPECT_EQ(host.Do([&host] { return host.runner.running(); }), "1.1.0/001_a.py")
      << "the run is the daemon's";
}

TEST(Shutdown, EndsAReaderThatDoesNotRead) {
  ServedHost host;
  host.Do([&host] { host.runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
  const Client client = host.Connect();
  const auto context = Context();
  const auto run = client.api->Run(context.get(), {});
  host.AwaitScript("1.1.0/001_a.py");
  host.PrintLines(4000, 1000);
  host.server.Shutdown();
  ReadSequences(*run, api::RunResponse());
  EXPECT_FALSE(run->Finish().ok());
}

TEST(Shutdown, DoesNotWaitForThePollingOfAWriteThatHadToWait) {
  auto host = std::make_unique<ServedHost>();
  host->Do([&host] { host->runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
  {
    const Client client = host->Connect();
    const auto run_context = Context();
    const auto unread = client.api->Run(run_context.get(), {});
    host->AwaitScript("1.1.0/001_a.py");
    host->PrintLines(4000, 1000);
    host->FinishScript();
    const auto context = Context();
    api::WatchRequest request;
    request.set_accept_following(true);
    const auto watch = client.api->Watch(context.get(), request);
    EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), FromTo(1, 2 + 4000 + 4));
  }
  const auto begin = std::chrono::steady_clock::now();
  host.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(Shutdown, LetsAStreamTellItsEnd) {
  ServedHost host;
  host.Do([&host] { host.runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
  const Client client = host.Connect();
  const auto context = Context();
  const auto run = client.api->Run(context.get(), {});
  host.AwaitScript("1.1.0/001_a.py");
  std::promise<void> stopped;
  host.Do(
      [&] { host.engine.Shutdown(std::chrono::seconds(60), [&stopped] { stopped.set_value(); }); });
  host.FinishScript();
  stopped.get_future().wait();
  host.server.Shutdown();
  api::RunResponse last;
  while (run->Read(&last)) continue;
  const grpc::Status status = run->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(last.event().run_ended().outcome(), api::RUN_OUTCOME_INTERRUPTED);
}

TEST(Shutdown, TakesNewConnectionsNoMore) {
  ServedHost host;
  host.server.Shutdown();
  host.server.Shutdown();  // Nothing left to do.
  host.server.SetServing(false);
  const Client late = host.Connect();
  const auto context = Context();
  api::StatusResponse response;
  EXPECT_FALSE(late.api->Status(context.get(), {}, &response).ok());
}

TEST(Shutdown, RefusesNewRunsWithAReason) {
  ServedHost host;
  const Client client = host.Connect();
  host.Do([&host] { host.engine.Shutdown(std::chrono::seconds(1), [] {}); });
  const auto context = Context();
  const auto run = client.api->Run(context.get(), {});
  EXPECT_EQ(run->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(TrailerOf(*context, "telec-reason"), "SHUTTING_DOWN");
}

}  // namespace
}  // namespace migrationd::rpc

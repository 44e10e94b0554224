#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <utility>

#include "tests/rpc/served_host.h"

namespace migrationd::rpc {

/// A host that is served, and one who listens to it.
class Streams : public testing::Test {
 protected:
  explicit Streams(core::EngineOptions options = {}) : host_(std::move(options)) {}

  /// Starts a run whose first script hangs; the stream is the caller's.
  void StartRunThatHangs() {
    host_.Do([this] { host_.runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
    run_ = client_.api->Run(run_context_.get(), {});
    host_.AwaitScript("1.1.0/001_a.py");
  }
  /// The same, under a request id: the stream of whoever asked first, once it has printed ten
  /// lines.
  std::unique_ptr<grpc::ClientReader<api::RunResponse>> StartRunToJoin(
      const api::RunRequest& request) {
    host_.Do([this] { host_.runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
    auto first = client_.api->Run(run_context_.get(), request);
    host_.AwaitScript("1.1.0/001_a.py");
    host_.PrintLines(10);
    return first;
  }
  std::uint64_t StoredEvents() {
    return host_.Do([this] { return host_.store.ListRuns(0, 1)->front().last_sequence; });
  }
  static api::WatchRequest After(std::uint64_t sequence) {
    api::WatchRequest request;
    request.set_after_sequence(sequence);
    return request;
  }
  static api::WatchRequest Together(std::uint64_t after) {
    api::WatchRequest request = After(after);
    request.set_accept_following(true);
    return request;
  }

  ServedHost host_;
  Client client_ = host_.Connect();
  std::unique_ptr<grpc::ClientContext> run_context_ = Context();
  std::unique_ptr<grpc::ClientContext> context_ = Context();
  std::unique_ptr<grpc::ClientReader<api::RunResponse>> run_;
};

}  // namespace migrationd::rpc

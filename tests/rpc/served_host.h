#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/engine.h"
#include "daemon/rpc/server.h"
#include "telec/migrate/v1/migration_service.grpc.pb.h"
#include "tests/fakes/fake_catalogue.h"
#include "tests/fakes/fake_runner.h"
#include "tests/fakes/fake_survivors.h"
#include "tests/fakes/loop_thread.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/memory_store.h"

namespace migrationd::rpc {

namespace api = telec::migrate::v1;

/// A connection of one client: a real socket, a real channel.
class Client {
 public:
  explicit Client(std::shared_ptr<grpc::Channel> connection)
      : channel(std::move(connection)), api(api::MigrationService::NewStub(channel)) {}

  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<api::MigrationService::Stub> api;
};

/// The real server and the real engine, on a loop thread, on fakes. The fakes are the loop
/// thread's: reach them by Do.
class ServedHost {
 public:
  explicit ServedHost(core::EngineOptions options = {});
  ~ServedHost();

  fakes::LoopThread loop;
  fakes::ManualClock clock;
  fakes::FakeCatalogue catalogue;
  fakes::FakeRunner runner{loop};
  fakes::MemoryStore store;
  fakes::FakeSurvivors survivors;
  core::Engine engine;
  rpc::Server server;

  /// Runs `task` on the loop thread.
  template <typename Task>
  auto Do(Task task) {
    return loop.Do(std::move(task));
  }

  Client Connect(Role role = Role::kOperator, const core::Requester& who = {1000, 4242, "mara"});

  /// Sees a run through that was started without a client; returns its id.
  std::string RunToItsEnd();
  /// Waits until the script with that id runs (and hangs).
  void AwaitScript(const std::string& migration_id);
  void PrintLines(int lines, std::size_t bytes = 10);
  void FinishScript();
};

/// A context with a limit that no healthy call comes near.
std::unique_ptr<grpc::ClientContext> Context();

/// Trailing metadata by key; empty when there is none.
std::string TrailerOf(const grpc::ClientContext& context, const std::string& key);

/// Sequence numbers of a response's events.
template <typename Response>
std::vector<std::uint64_t> SequencesOf(const Response& response) {
  std::vector<std::uint64_t> sequences{response.event().sequence()};
  for (const api::Event& event : response.following()) sequences.push_back(event.sequence());
  return sequences;
}

/// Sequence numbers of all events until the stream ends.
template <typename Reader, typename Response>
std::vector<std::uint64_t> ReadSequences(Reader& reader, Response response) {
  std::vector<std::uint64_t> sequences;
  while (reader.Read(&response)) {
    const auto more = SequencesOf(response);
    sequences.insert(sequences.end(), more.begin(), more.end());
  }
  return sequences;
}

/// first, first + 1, … last.
std::vector<std::uint64_t> FromTo(std::uint64_t first, std::uint64_t last);

}  // namespace migrationd::rpc

#include "tests/rpc/served_host.h"

#include <chrono>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <utility>

#include "tests/rpc/socket_pair.h"

namespace migrationd::rpc {
namespace {

constexpr std::chrono::seconds kLimit{60};

}  // namespace

ServedHost::ServedHost(core::EngineOptions options)
    : engine({catalogue, runner, store, survivors, clock, loop}, std::move(options)),
      server(engine, loop) {
  catalogue.Write("v1.1.0/001_a.py", "a");
  catalogue.Write("v1.1.0/002_b.py", "b");
  loop.Do([this] {
    engine.Open([](const core::Status& opened) { ASSERT_TRUE(opened); });
    engine.OnHealthChange([this](bool serving) { server.SetServing(serving); });
  });
}

ServedHost::~ServedHost() {
  server.Shutdown();
  // The engine's callbacks are the loop's: nothing of them may be under way when it goes.
  loop.Do([this] { runner.Crash(); });
}

Client ServedHost::Connect(Role role, const core::Requester& who) {
  const SocketPair sockets = MakeSocketPair();
  server.Accept(sockets.server, role, who);
  return Client(grpc::CreateInsecureChannelFromFd("test", sockets.client));
}

std::string ServedHost::RunToItsEnd() {
  const Client client = Connect();
  const auto context = Context();
  const auto reader = client.api->Run(context.get(), api::RunRequest());
  api::RunResponse response;
  while (reader->Read(&response)) continue;
  EXPECT_TRUE(reader->Finish().ok());
  return response.run_id();
}

void ServedHost::AwaitScript(const std::string& migration_id) {
  const auto deadline = std::chrono::steady_clock::now() + kLimit;
  while (Do([this] { return runner.running(); }) != migration_id) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error(migration_id + " never ran");
    std::this_thread::yield();
  }
}

void ServedHost::PrintLines(int lines, std::size_t bytes) {
  Do([this, lines, bytes] {
    for (int line = 0; line < lines; ++line) runner.Print(std::string(bytes, 'x') + "\n");
  });
}

void ServedHost::FinishScript() {
  Do([this] { runner.Finish(); });
}

std::unique_ptr<grpc::ClientContext> Context() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + kLimit);
  return context;
}

std::string TrailerOf(const grpc::ClientContext& context, const std::string& key) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(key);
  return found == trailers.end() ? "" : std::string(found->second.data(), found->second.size());
}

std::vector<std::uint64_t> FromTo(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> numbers(last >= first ? last - first + 1 : 0);
  std::iota(numbers.begin(), numbers.end(), first);
  return numbers;
}

}  // namespace migrationd::rpc

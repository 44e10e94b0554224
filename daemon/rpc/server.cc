#include "daemon/rpc/server.h"

#include <absl/synchronization/mutex.h>
#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_posix.h>

#include <chrono>
#include <utility>

#include "daemon/rpc/service.h"
#include "grpc/health/v1/health.pb.h"

namespace migrationd::rpc {
namespace {

constexpr int kLargestRequest = 1 << 20;
constexpr int kMostStreams = 256;  // Of one connection.
constexpr std::chrono::seconds kGoodbye{1};

/// Starts gRPC, once for the process and never to be undone: its end would wait for a thread that,
/// once a write had to wait, may look at sockets for ten seconds at a time.
void StartTransport() {
  static const bool kStarted = [] {
    grpc_init();
    return true;
  }();
  static_cast<void>(kStarted);
}

std::unique_ptr<grpc::Server> Build(Service& service) {
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  builder.SetMaxReceiveMessageSize(kLargestRequest);
  builder.SetMaxSendMessageSize(-1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreams);
  return builder.BuildAndStart();
}

}  // namespace

struct Server::Impl {
  Impl(core::Engine& engine, core::Executor& executor)
      : services{engine, executor, peers, streams, pages, live},
        operators(services, Role::kOperator),
        viewers(services, Role::kViewer) {}

  Peers peers;
  WirePages pages;
  WorkQueue streams;
  LiveStreams live;
  ServiceContext services;
  Service operators;
  Service viewers;
  std::unique_ptr<grpc::Server> for_operators;
  std::unique_ptr<grpc::Server> for_viewers;
};

Server::Server(core::Engine& engine, core::Executor& executor)
    : impl_(std::make_unique<Impl>(engine, executor)) {
  StartTransport();
  // Debian builds Abseil with its search for deadlocks on, an eighth of the time that a watcher
  // costs. The locks are gRPC's; ours are looked at by the thread sanitizer.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // Links the health service's descriptor in: reflection shows what the program's pool holds.
  grpc::health::v1::HealthCheckRequest::descriptor();
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  impl_->for_operators = Build(impl_->operators);
  impl_->for_viewers = Build(impl_->viewers);
}

Server::~Server() { Shutdown(); }

void Server::Accept(int fd, Role role, core::Requester who) {
  impl_->peers.Add(fd, std::move(who));
  grpc::Server* server =
      role == Role::kOperator ? impl_->for_operators.get() : impl_->for_viewers.get();
  grpc::AddInsecureChannelFromFd(server, fd);
}

void Server::SetServing(bool serving) {
  for (grpc::Server* server : {impl_->for_operators.get(), impl_->for_viewers.get()}) {
    server->GetHealthCheckService()->SetServingStatus(serving);
  }
}

void Server::Shutdown() {
  // First the streams' last words, then the connections: a client that writes to a closed
  // connection, be it only to say that it has heard, loses what it has not read yet.
  impl_->live.AwaitNone(kGoodbye);
  // The servers themselves stay: late connections and changes of health find them, closed.
  for (grpc::Server* server : {impl_->for_operators.get(), impl_->for_viewers.get()}) {
    server->Shutdown(std::chrono::system_clock::now() + kGoodbye);
    server->Wait();
  }
}

}  // namespace migrationd::rpc

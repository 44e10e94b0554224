#pragma once

#include <memory>

#include "daemon/core/event.h"
#include "daemon/rpc/service_context.h"

namespace migrationd::rpc {

/// The gRPC server: one for each role, fed with connections that were accepted and judged
/// elsewhere. Health (grpc.health.v1) and reflection are on.
class Server {
 public:
  /// `engine` and `executor` must outlive the server.
  Server(core::Engine& engine, core::Executor& executor);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Takes a connected stream socket over; it must be non-blocking, gRPC closes it. Any thread.
  void Accept(int fd, Role role, core::Requester who);

  /// What the health service answers from now on. Any thread.
  void SetServing(bool serving);

  /// Ends every call and connection, and returns when none is left. Blocks: not on the loop thread,
  /// which must go on meanwhile.
  void Shutdown();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace migrationd::rpc

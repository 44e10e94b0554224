#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include "daemon/core/event.h"

namespace migrationd::rpc {

/// Who is at the other end of each connection. gRPC calls a connection that was handed over as a
/// file descriptor "fd:N"; N is free again only after gRPC has closed the connection, and the
/// listener goes round the numbers instead of taking the lowest, so that a late call is not taken
/// for the next connection's. Any thread.
class Peers {
 public:
  /// Connection `fd` is about to be handed to gRPC.
  void Add(int fd, core::Requester who);

  /// Who makes a call, given ServerContext::peer(). uid and pid are those of nobody when it is
  /// unknown.
  core::Requester Of(const std::string& peer) const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, core::Requester> by_name_;
};

}  // namespace migrationd::rpc

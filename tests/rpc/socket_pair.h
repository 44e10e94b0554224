#pragma once

#include <grpcpp/create_channel_posix.h>
#include <sys/socket.h>

#include <stdexcept>

namespace migrationd::rpc {

struct SocketPair {
  int server = -1;
  int client = -1;
};

/// Two connected Unix sockets, non-blocking as gRPC wants them; whoever takes an end closes it.
inline SocketPair MakeSocketPair() {
  int ends[2] = {};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error("cannot make a pair of sockets");
  }
  return {ends[0], ends[1]};
}

}  // namespace migrationd::rpc

#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <functional>

#include "daemon/core/result.h"

namespace migrationd::host {

/// The one connection of a private daemon (`telec migrate --local`): tells when the other end is
/// gone. Loop thread only.
class PrivateConnection {
 public:
  /// `fd`: a connected Unix stream socket, kept by the caller; what is watched is a duplicate.
  PrivateConnection(asio::io_context& loop, std::function<void()> on_gone);

  /// Error: kSocketUnusable.
  core::Status Watch(int fd);

 private:
  asio::posix::stream_descriptor duplicate_;
  std::function<void()> on_gone_;
};

}  // namespace migrationd::host

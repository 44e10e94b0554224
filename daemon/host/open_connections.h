#pragma once

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <map>

namespace migrationd::host {

/// Counts connections that somebody else serves: each is watched by a duplicate of its descriptor
/// until it is shut down by either end. Loop thread only.
class OpenConnections {
 public:
  OpenConnections(asio::io_context& loop, std::size_t most) : loop_(loop), most_(most) {}

  std::size_t count() const { return open_.size(); }
  std::size_t most() const { return most_; }

  /// Counts `fd`, which stays its owner's. False when there are as many as there may be, or no
  /// descriptor is left.
  bool Admit(int fd);

 private:
  asio::io_context& loop_;
  const std::size_t most_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, asio::posix::stream_descriptor> open_;
};

}  // namespace migrationd::host

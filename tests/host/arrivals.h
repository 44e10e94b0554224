#pragma once

#include <asio/io_context.hpp>
#include <functional>
#include <string>
#include <vector>

#include "daemon/host/listener.h"

namespace migrationd::host {

/// A listener on a loop of its own, and what it did.
class Arrivals {
 public:
  struct Arrival {
    int fd;
    Access access;
    core::Requester who;
  };

  explicit Arrivals(const AccessPolicy& policy = *AccessPolicy::Make("", ""),
                    std::size_t most_connections = 64);
  /// Closes what arrived.
  ~Arrivals();
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  /// Turns the loop until `done`. False after a minute.
  bool Until(const std::function<bool()>& done);
  /// Turns it until that many connections have been handed over.
  bool Await(std::size_t count);

  asio::io_context loop;
  std::vector<Arrival> arrived;
  std::vector<std::string> complaints;
  Listener listener;
};

/// A socket connected to `path`; -1 when that fails.
int Connect(const std::string& path);

/// A socket of this type (SOCK_STREAM, SOCK_DGRAM) bound to `path`.
int Bind(const std::string& path, int type);

}  // namespace migrationd::host

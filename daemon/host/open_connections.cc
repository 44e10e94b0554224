#include "daemon/host/open_connections.h"

#include <fcntl.h>

namespace migrationd::host {

bool OpenConnections::Admit(int fd) {
  if (open_.size() >= most_) return false;
  const int duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (duplicate < 0) return false;
  const std::uint64_t key = next_++;
  auto& connection =
      open_.emplace(key, asio::posix::stream_descriptor(loop_, duplicate)).first->second;
  connection.async_wait(asio::posix::stream_descriptor::wait_error,
                        [this, key](const asio::error_code& error) {
                          // Cancelled is what it is when this object goes.
                          if (error != asio::error::operation_aborted) open_.erase(key);
                        });
  return true;
}

}  // namespace migrationd::host

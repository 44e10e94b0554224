#include "daemon/host/private_connection.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace migrationd::host {

PrivateConnection::PrivateConnection(asio::io_context& loop, std::function<void()> on_gone)
    : duplicate_(loop), on_gone_(std::move(on_gone)) {}

core::Status PrivateConnection::Watch(int fd) {
  struct stat status {};
  const int copy =
      fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode) ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
  if (copy < 0) {
    return core::Error{core::Reason::kSocketUnusable,
                       "descriptor " + std::to_string(fd) + " is no socket that could be served",
                       "--private is for `telec migrate --local`; start migrationd without it."};
  }
  asio::error_code error;
  duplicate_.assign(copy, error);
  duplicate_.async_wait(asio::posix::stream_descriptor::wait_error,
                        [this](const asio::error_code& aborted) {
                          if (!aborted) on_gone_();
                        });
  return core::Ok();
}

}  // namespace migrationd::host

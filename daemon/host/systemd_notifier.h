#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <string>
#include <vector>

namespace migrationd::host {

/// What systemd is told (sd_notify(3)); without systemd every call is without effect. Loop thread
/// only: the watchdog is fed from the loop, so that a loop that hangs is noticed.
class SystemdNotifier {
 public:
  explicit SystemdNotifier(asio::io_context& loop) : timer_(loop) {}

  void Ready();
  void Stopping();
  /// One line, shown by `systemctl status`.
  void Describe(const std::string& status);

 private:
  void FeedWatchdog();

  asio::steady_timer timer_;
  std::chrono::microseconds interval_{0};
};

/// Listening sockets that systemd passed (sd_listen_fds(3)); the environment variables are unset.
std::vector<int> ActivatedSockets();

}  // namespace migrationd::host

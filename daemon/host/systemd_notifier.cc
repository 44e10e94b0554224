#include "daemon/host/systemd_notifier.h"

#include <systemd/sd-daemon.h>

namespace migrationd::host {

void SystemdNotifier::Ready() {
  sd_notify(0, "READY=1");
  std::uint64_t limit = 0;
  if (sd_watchdog_enabled(0, &limit) <= 0) return;
  interval_ = std::chrono::microseconds(limit / 3);
  FeedWatchdog();
}

void SystemdNotifier::Stopping() { sd_notify(0, "STOPPING=1"); }

void SystemdNotifier::Describe(const std::string& status) {
  sd_notify(0, ("STATUS=" + status).c_str());
}

void SystemdNotifier::FeedWatchdog() {
  sd_notify(0, "WATCHDOG=1");
  timer_.expires_after(interval_);
  timer_.async_wait([this](const asio::error_code& error) {
    if (!error) FeedWatchdog();
  });
}

std::vector<int> ActivatedSockets() {
  std::vector<int> sockets;
  const int count = sd_listen_fds(1);
  for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + count; ++fd) {
    if (sd_is_socket_unix(fd, SOCK_STREAM, 1, nullptr, 0) > 0) sockets.push_back(fd);
  }
  return sockets;
}

}  // namespace migrationd::host

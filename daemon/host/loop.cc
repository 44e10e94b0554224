#include "daemon/host/loop.h"

#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <utility>

namespace migrationd::host {

void AsioExecutor::Post(std::function<void()> task) { asio::post(loop_, std::move(task)); }

std::shared_ptr<void> AsioExecutor::After(std::chrono::milliseconds delay,
                                          std::function<void()> task) {
  auto timer = std::make_shared<asio::steady_timer>(loop_, delay);
  // A timer that expired in the same turn in which its handle died has its handler queued without
  // an error.
  timer->async_wait(
      [task = std::move(task), alive = std::weak_ptr(timer)](const asio::error_code& error) {
        if (!error && !alive.expired()) task();
      });
  return timer;
}

core::WallTime SystemClock::Now() {
  return std::chrono::duration_cast<core::WallTime>(
      std::chrono::system_clock::now().time_since_epoch());
}

}  // namespace migrationd::host

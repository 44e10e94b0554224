#pragma once

#include <asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "daemon/core/ports.h"

namespace migrationd::host {

/// The loop thread's executor, on Asio.
class AsioExecutor final : public core::Executor {
 public:
  explicit AsioExecutor(asio::io_context& loop) : loop_(loop) {}

  void Post(std::function<void()> task) override;
  std::shared_ptr<void> After(std::chrono::milliseconds delay, std::function<void()> task) override;

 private:
  asio::io_context& loop_;
};

/// The system's wall clock.
class SystemClock final : public core::Clock {
 public:
  core::WallTime Now() override;
};

}  // namespace migrationd::host

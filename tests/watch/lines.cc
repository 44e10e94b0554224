#include "tests/watch/lines.h"

#include <chrono>
#include <utility>

namespace migrationd::watch {
namespace {

constexpr std::chrono::minutes kLimit{2};

}  // namespace

bool Lines::Open(const crash::DaemonLife& life, std::size_t count) {
  std::vector<std::shared_ptr<telec::Service>> services;
  for (std::size_t i = 0; i < count; ++i) {
    services.push_back(life.Connect());
    if (!services.back()) return false;
  }
  const std::lock_guard lock(mutex_);
  services_ = std::move(services);
  ++life_;
  opened_.notify_all();
  return true;
}

Lines::Line Lines::After(std::uint64_t life, std::size_t watcher) {
  std::unique_lock lock(mutex_);
  if (!opened_.wait_for(lock, kLimit, [&] { return life_ > life; })) return {};
  return {services_[watcher % services_.size()], life_};
}

}  // namespace migrationd::watch

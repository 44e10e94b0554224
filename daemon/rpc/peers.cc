#include "daemon/rpc/peers.h"

#include <utility>

namespace migrationd::rpc {
namespace {

constexpr std::uint32_t kNobody = 65534;

}  // namespace

void Peers::Add(int fd, core::Requester who) {
  const std::lock_guard lock(mutex_);
  by_name_.insert_or_assign("fd:" + std::to_string(fd), std::move(who));
}

core::Requester Peers::Of(const std::string& peer) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_name_.find(peer);
  return found == by_name_.end() ? core::Requester{kNobody, 0, ""} : found->second;
}

}  // namespace migrationd::rpc

#include "daemon/rpc/wire_pages.h"

#include <utility>

#include "daemon/rpc/translate.h"

namespace migrationd::rpc {
namespace {

WirePage Translate(const core::RunId& run, const std::vector<core::EventPtr>& events,
                   Packing packing) {
  const std::size_t most = packing == Packing::kTogether ? kLargestBatch : 0;
  std::vector<grpc::Slice> messages;
  api::WatchResponse response;
  response.set_run_id(run.text);
  std::size_t bytes = 0;
  const auto close = [&] {
    messages.emplace_back(response.SerializeAsString());
    response.clear_event();
    response.clear_following();
    bytes = 0;
  };
  for (const core::EventPtr& event : events) {
    api::Event next;
    ToApi(*event, next);
    const std::size_t size = next.ByteSizeLong();
    if (response.has_event() && bytes + size > most) close();
    (response.has_event() ? response.add_following() : response.mutable_event())->Swap(&next);
    bytes += size;
  }
  close();
  return std::make_shared<const std::vector<grpc::Slice>>(std::move(messages));
}

}  // namespace

WirePage WirePages::Of(const core::RunId& run, const std::vector<core::EventPtr>& events,
                       Packing packing) {
  Key key{run.text, events.front()->sequence, events.back()->sequence};
  Latest& latest = latest_.at(static_cast<std::size_t>(packing));
  {
    const std::lock_guard lock(mutex_);
    if (latest.page && key == latest.key) return latest.page;
  }
  WirePage page = Translate(run, events, packing);
  const std::lock_guard lock(mutex_);
  latest = {std::move(key), page};
  return page;
}

}  // namespace migrationd::rpc

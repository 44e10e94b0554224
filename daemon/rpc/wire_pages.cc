#include "daemon/rpc/wire_pages.h"

#include <utility>

#include "daemon/rpc/translate.h"

namespace migrationd::rpc {
namespace {

WirePage Translate(const core::RunId& run, const std::vector<core::EventPtr>& events) {
  std::vector<grpc::Slice> messages;
  messages.reserve(events.size());
  api::WatchResponse response;
  response.set_run_id(run.text);
  for (const core::EventPtr& event : events) {
    response.mutable_event()->Clear();
    ToApi(*event, *response.mutable_event());
    messages.emplace_back(response.SerializeAsString());
  }
  return std::make_shared<const std::vector<grpc::Slice>>(std::move(messages));
}

}  // namespace

WirePage WirePages::Of(const core::RunId& run, const std::vector<core::EventPtr>& events) {
  Key key{run.text, events.front()->sequence, events.back()->sequence};
  {
    const std::lock_guard lock(mutex_);
    if (latest_ && key == latest_key_) return latest_;
  }
  WirePage page = Translate(run, events);
  const std::lock_guard lock(mutex_);
  latest_key_ = std::move(key);
  latest_ = page;
  return page;
}

}  // namespace migrationd::rpc

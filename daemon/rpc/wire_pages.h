#pragma once

#include <grpcpp/support/slice.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/core/event.h"
#include "daemon/core/state.h"

namespace migrationd::rpc {

/// Events of a run as they go over the wire, one message each. A RunResponse and a WatchResponse
/// have the same bytes.
using WirePage = std::shared_ptr<const std::vector<grpc::Slice>>;

/// Translates events once for all who are shown them at the same time: remembers the latest page.
/// Any thread.
class WirePages {
 public:
  /// `events` are successive ones of `run`, and at least one.
  WirePage Of(const core::RunId& run, const std::vector<core::EventPtr>& events);

 private:
  struct Key {
    std::string run;
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    bool operator==(const Key&) const = default;
  };

  std::mutex mutex_;
  Key latest_key_;
  WirePage latest_;
};

}  // namespace migrationd::rpc

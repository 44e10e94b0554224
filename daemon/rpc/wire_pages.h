#pragma once

#include <grpcpp/support/slice.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/core/event.h"
#include "daemon/core/state.h"

namespace migrationd::rpc {

/// Events of a run as they go over the wire, in messages. A RunResponse and a WatchResponse have
/// the same bytes.
using WirePage = std::shared_ptr<const std::vector<grpc::Slice>>;

/// What a message holds.
enum class Packing {
  kSingle,    ///< One event: what every client understands.
  kTogether,  ///< As many as fit: for clients that accept `following`.
};

/// Events that share a message have no more bytes than this. Clients take in 4 MiB, if they were
/// not told otherwise, but it is small events that gain by company.
inline constexpr std::size_t kLargestBatch = std::size_t{64} << 10U;

/// Translates events once for all who are shown them at the same time: remembers the latest page of
/// each packing. Any thread.
class WirePages {
 public:
  /// `events` are successive ones of `run`, and at least one.
  WirePage Of(const core::RunId& run, const std::vector<core::EventPtr>& events, Packing packing);

 private:
  struct Key {
    std::string run;
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    bool operator==(const Key&) const = default;
  };

  struct Latest {
    Key key;
    WirePage page;
  };

  std::mutex mutex_;
  std::array<Latest, 2> latest_;  ///< By packing.
};

}  // namespace migrationd::rpc

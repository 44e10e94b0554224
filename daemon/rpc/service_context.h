#pragma once

#include "daemon/core/engine.h"
#include "daemon/core/ports.h"
#include "daemon/rpc/live_streams.h"
#include "daemon/rpc/peers.h"
#include "daemon/rpc/wire_pages.h"
#include "daemon/rpc/work_queue.h"

namespace migrationd::rpc {

/// What a peer may do: decided when its connection is accepted.
enum class Role {
  kOperator,  ///< Everything.
  kViewer,    ///< Ask: Plan without probe, Status, Watch, ListRuns.
};

/// What the calls need. Everything must outlive the servers.
struct ServiceContext {
  core::Engine& engine;  ///< Only from tasks posted to `executor`.
  core::Executor& executor;
  Peers& peers;
  WorkQueue& streams;
  WirePages& pages;
  LiveStreams& live;
};

}  // namespace migrationd::rpc

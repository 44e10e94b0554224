#pragma once

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <memory>
#include <optional>
#include <thread>

#include "daemon/core/engine.h"
#include "daemon/host/config.h"
#include "daemon/host/held_signals.h"
#include "daemon/host/idle_memory.h"
#include "daemon/host/listener.h"
#include "daemon/host/loop.h"
#include "daemon/host/operator_log.h"
#include "daemon/host/private_connection.h"
#include "daemon/host/systemd_notifier.h"
#include "daemon/rpc/server.h"
#include "daemon/script/runner.h"
#include "daemon/script/scripts_lock.h"
#include "daemon/storage/directory_reader.h"
#include "daemon/storage/posix_files.h"
#include "daemon/storage/state_store.h"

namespace migrationd {

/// The daemon, put together. The order of the members is the order in which things may be used:
/// each only needs what stands above it, and they are taken down from below.
class Service {
 public:
  Service(const host::Config& config, const host::Surroundings& surroundings,
          host::AccessPolicy access, host::OperatorLog log);

  /// Serves until a signal says otherwise, or the other end of `private_fd` is gone. Returns the
  /// process's exit code.
  int Run(std::optional<int> private_fd);

 private:
  void OnOpened(const core::Status& opened, std::optional<int> private_fd);
  core::Status Serve(std::optional<int> private_fd);
  void Accept(int fd, host::Access access, const core::Requester& who);
  void AwaitSignal();
  void Stop();
  void StopServing();
  void Fail(const core::Error& error);

  const host::Config& config_;
  host::OperatorLog log_;
  host::HeldSignals held_signals_;  ///< Until the loop's thread awaits them.
  asio::io_context loop_;
  asio::signal_set signals_;
  host::AsioExecutor executor_;
  host::SystemClock clock_;
  host::SystemdNotifier systemd_;
  storage::PosixFiles files_;
  storage::StateStore store_;
  storage::DirectoryReader catalogue_;
  core::Result<script::ScriptsLock> scripts_lock_;
  script::Runner runner_;
  std::unique_ptr<core::SurvivorGuard> survivors_;
  core::Engine engine_;
  rpc::Server server_;
  host::Listener listener_;
  host::PrivateConnection private_connection_;
  host::IdleMemory idle_memory_;
  std::thread goodbye_;  ///< Ends the calls, while the loop still answers them.
  bool stopping_ = false;
  int exit_code_ = 0;
};

}  // namespace migrationd

#pragma once

#include <sys/types.h>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/script/phase_memory.h"
#include "daemon/script/runner_options.h"
#include "daemon/script/scripts_lock.h"
#include "daemon/script/spare.h"
#include "daemon/script/strays.h"
#include "daemon/script/worker.h"

namespace migrationd::script {

/// Gives out spares, and keeps some forked ahead. Starts the worker when it is needed, and another
/// one when it died. Loop thread only; callbacks come at once or later.
class SparePool {
 public:
  /// `options`, `strays` and `lock` must live longer. `lock` may be null.
  SparePool(asio::io_context& io, const RunnerOptions& options, Strays& strays, ScriptsLock* lock);
  ~SparePool();
  SparePool(const SparePool&) = delete;
  SparePool& operator=(const SparePool&) = delete;

  /// Starts the worker, where there is none, and has spares forked.
  void Warm();

  using Taker = std::function<void(core::Result<std::shared_ptr<Spare>>)>;
  /// Gives `taker` a spare. Error: kInterpreterFailed.
  void Take(Taker taker);

  /// Whether a spare that was taken can run a script: it lives, and so does the worker. (Without
  /// that the daemon is its parent, and a script that kills its parent would not kill the worker.)
  bool IsUsable(Spare& spare) const;

  using StatusCallback = std::function<void(std::optional<int> status)>;
  /// Reaps a spare that has ended, if nobody did yet. The status is absent when it cannot be known.
  void Reap(pid_t pid, StatusCallback done);

  /// Ends the worker and all spares that nobody has taken.
  void LetGo();

 private:
  void Serve();
  core::Status StartWorker();
  void EndWorker();
  void OnSpare(Worker::NewSpare fresh);
  void OnNoSpare(const std::string& reason);
  void OnDeath(const std::string& why);
  void Refuse(const std::string& reason);
  void RefuseAll(const core::Error& error);
  void KeepAhead();
  void ReapLater(pid_t pid);
  void ReapNow();

  asio::io_context& io_;
  const RunnerOptions& options_;
  Strays& strays_;
  ScriptsLock* lock_;
  PhaseMemory phases_;
  std::size_t next_slot_ = 0;

  std::shared_ptr<Worker> worker_;
  pid_t worker_pid_ = 0;
  bool proven_ = false;  // This worker has given a spare.
  std::size_t asked_ = 0;
  std::set<pid_t> children_;  // Of this worker, not reaped.
  std::deque<std::shared_ptr<Spare>> idle_;
  std::deque<Taker> takers_;
  std::map<pid_t, StatusCallback> reaping_;
  std::vector<pid_t> ended_;  // To be reaped when something is forked next, or soon.
  asio::steady_timer soon_;
  bool soon_is_set_ = false;
};

}  // namespace migrationd::script

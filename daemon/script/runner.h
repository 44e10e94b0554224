#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "daemon/core/ports.h"
#include "daemon/script/compiler.h"
#include "daemon/script/inspection.h"
#include "daemon/script/job.h"
#include "daemon/script/runner_options.h"
#include "daemon/script/scripts_lock.h"
#include "daemon/script/spare_pool.h"
#include "daemon/script/strays.h"

namespace migrationd::script {

/// Runs scripts with a warm Python worker: each in a process that was forked ahead. Lives on the
/// loop thread, which must be the process's main thread, and takes it that every other child of
/// this process is a stray of its scripts. When it is destroyed, nothing that it started is left.
class Runner final : public core::ScriptRunner {
 public:
  /// `lock` is inherited by all that is started; null: none. Both must live longer.
  Runner(asio::io_context& io, RunnerOptions options, ScriptsLock* lock);
  ~Runner() override;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void Inspect(std::vector<core::Script> scripts, InspectCallback done) override;
  void Warm() override;
  void Compile(std::vector<core::Script> scripts) override;
  void Prepare(const core::ScriptJob& job) override;
  void Start(core::ScriptJob job, core::ScriptListener& listener) override;
  void Proceed() override;
  void Stop() override;
  void Rest() override;

 private:
  void SendPrepared();
  bool IsPrepared(const core::Script& script) const;
  void RestWhenIdle();

  asio::io_context& io_;
  RunnerOptions options_;
  ScriptsLock* lock_;
  Strays strays_;
  SparePool pool_;
  std::shared_ptr<Compiler> compiler_;
  asio::steady_timer idle_;
  std::optional<core::Script> next_;   // What was to be prepared last.
  std::shared_ptr<Spare> next_spare_;  // What has it, or will.
  bool awaiting_next_spare_ = false;
  std::shared_ptr<Job> job_;
  std::set<std::shared_ptr<Inspection>> inspections_;
};

}  // namespace migrationd::script

#pragma once

#include <sys/types.h>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/ports.h"
#include "daemon/script/extinction.h"
#include "daemon/script/scripts_lock.h"

namespace migrationd::script {

/// Finds and ends what an earlier daemon on the same state left alive: who has the lock's token in
/// his environment, holds the lock, or is in the last script's session; and all their descendants
/// and sessions. Descendants of this process are its own business. Loop thread only.
class Survivors final : public core::SurvivorGuard {
 public:
  /// `lock` must live longer. `patience`: how long they may take to end once they are killed.
  Survivors(asio::io_context& io, ScriptsLock& lock, std::chrono::milliseconds patience);

  using Callback = std::function<void(core::Result<std::vector<std::string>>)>;
  void EndSurvivors(Callback done) override;

 private:
  void Begin();
  std::vector<pid_t> Find();
  void OnEnded(const std::map<pid_t, std::string>& ended);
  void OnDeadline();
  void Answer(const core::Result<std::vector<std::string>>& answer);

  asio::io_context& io_;
  ScriptsLock& lock_;
  std::chrono::milliseconds patience_;
  asio::steady_timer deadline_;
  asio::steady_timer again_;
  std::map<pid_t, std::string> ended_;
  std::shared_ptr<Extinction> extinction_;
  std::vector<Callback> waiting_;
};

}  // namespace migrationd::script

#pragma once

#include <vector>

#include "daemon/core/event.h"
#include "daemon/core/ports.h"
#include "daemon/core/state.h"

namespace migrationd::storage {

/// What a store was told, and what it promised to keep. Survives the crashes that the store does
/// not.
class Ledger {
 public:
  struct Run {
    core::RunId id;
    std::vector<core::EventPtr> told;
    std::size_t stored = 0;   ///< Promised to survive the process.
    std::size_t durable = 0;  ///< Promised to survive the power.
    bool begun = false;       ///< Begin was acknowledged.
    bool may_be_pruned = false;
  };

  /// `base`: the state before the first run, from a state file of the original.
  explicit Ledger(core::State base = {}) : base_(std::move(base)) {}

  /// Holds what a store read when it was opened against what was promised, and goes on from there:
  /// Open has made it durable. Errors: kInternal, "PROMISE broken: …"; what reading failed with.
  core::Status Settle(core::RunStore& store, const core::StoredState& found, bool power_went);

  std::vector<Run>& runs() { return runs_; }
  /// The state after all that is acknowledged.
  [[nodiscard]] core::State Acknowledged() const;

 private:
  core::Status SettleRun(core::RunStore& store, Run& run, bool is_last, bool power_went);

  core::State base_;
  std::vector<Run> runs_;
};

}  // namespace migrationd::storage

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/storage/state_store.h"
#include "tests/storage/faults/ledger.h"

namespace migrationd::storage {

/// What can be asked of a store. Steps that make no sense just now do nothing.
enum class Step {
  kOpen,  ///< Opens, holds the result against the ledger.
  kCheckRoom,
  kBegin,     ///< A run and its first migration.
  kBaseline,  ///< A run of three events, stored with one call.
  kPrint,     ///< Output, which need not be durable.
  kNext,      ///< One migration ends, the next one starts.
  kEnd,       ///< The last one ends, and the run.
  kCheckpoint,
  kPrune,
};

std::string_view NameOf(Step step);

/// One life of a daemon, as far as its store is concerned: does steps, and writes down in the
/// ledger what it told and what was promised.
class Narrator {
 public:
  static constexpr const char* kStateFile = "/var/lib/migration_state.json";

  Narrator(Files& files, Ledger& ledger, const std::string& state_file = kStateFile);

  /// An error of the store. A broken promise is kInternal and begins with "PROMISE".
  core::Status Do(Step step);

  /// Opens, ends a run that was broken off, makes a checkpoint and tells one more run.
  core::Status LiveOn();

  /// The next Open follows a loss of power.
  void SayPowerWent() { power_went_ = true; }
  [[nodiscard]] StateStore& store() { return store_; }

 private:
  core::Status Open();
  core::Status Begin(std::vector<core::Fact> facts);
  core::Status Append(std::vector<core::Fact> facts, bool durable);
  Ledger::Run* Current();

  Ledger& ledger_;
  StateStore store_;
  bool power_went_ = false;
};

/// Runs with output and checkpoints in all places, one that is pruned away, and one that goes on.
const std::vector<Step>& LongStory();
/// Each step once or twice.
const std::vector<Step>& ShortStory();

}  // namespace migrationd::storage

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/storage/files.h"
#include "daemon/storage/reserve.h"
#include "daemon/storage/state_codec.h"

namespace migrationd::storage {

/// What there was in the place of a state file.
struct LoadedState {
  std::optional<Snapshot> snapshot;  ///< The newest generation that is intact.
  std::string damage;  ///< Why the current generation could not be used; empty when it could, or is
                       ///< missing.
  std::vector<std::string> notices;
};

/// The checkpoint: `<path>`, and the generation before it, `<path>.previous`. At every instant at
/// least one of the two is whole.
class StateFile {
 public:
  /// It is written in pieces of about `piece_bytes`.
  StateFile(Files& files, std::string path, std::size_t piece_bytes, Reserve& reserve)
      : files_(files), path_(std::move(path)), piece_bytes_(piece_bytes), reserve_(reserve) {}

  /// Errors: kStateDamaged for a file of a newer migrationd, kStorageFailed. Without any generation
  /// the result is empty: whether that is a fresh start is for the caller to say.
  core::Result<LoadedState> Load();

  struct SaveError {
    core::Error error;
    bool torn = false;  ///< What is on the disk is no longer known: read everything again.
  };
  /// Replaces the current generation, durably. Nothing: it worked.
  std::optional<SaveError> Save(const core::State& state, bool run_ended);

  /// The lowest number of a run whose log one of the two generations needs; nothing before there is
  /// one.
  std::optional<std::uint64_t> FirstRunNeeded();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  struct Generation {
    enum class Condition { kMissing, kGood, kDamaged, kNewer };
    Condition condition = Condition::kMissing;
    Snapshot snapshot;
    std::string why;
  };

  core::Result<Generation> Read(const std::string& path);
  int WriteTemporary(const core::State& state, bool run_ended);
  int Replace();
  [[nodiscard]] std::string Previous() const { return path_ + ".previous"; }
  [[nodiscard]] std::string Temporary() const { return path_ + ".tmp"; }

  Files& files_;
  std::string path_;
  std::size_t piece_bytes_;
  Reserve& reserve_;
  Generation::Condition current_ = Generation::Condition::kMissing;
  std::optional<std::uint64_t> current_needs_;
  std::optional<std::uint64_t> previous_needs_;
  bool previous_known_ = false;
};

}  // namespace migrationd::storage

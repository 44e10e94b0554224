#include "daemon/storage/state_file.h"

#include <algorithm>
#include <cerrno>

#include "daemon/storage/disk.h"
#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

constexpr std::uint64_t kMaxStateBytes = std::uint64_t{1} << 30U;

std::uint64_t FirstRunNeededBy(const core::LogPosition& position, bool run_ended) {
  return position.run + (run_ended ? 1 : 0);
}

std::uint64_t FirstRunNeededBy(const Snapshot& snapshot) {
  return FirstRunNeededBy(snapshot.state.position, snapshot.run_ended);
}

core::Error NewerError(const std::string& path, const std::string& why) {
  return core::Error{core::Reason::kStateDamaged,
                     "state file '" + path + "' cannot be used: " + why,
                     "Start the version of migrationd that wrote it, or a newer one."};
}

}  // namespace

core::Result<StateFile::Generation> StateFile::Read(const std::string& path) {
  using Condition = Generation::Condition;
  const Io<std::string> bytes = ReadFile(files_, path, kMaxStateBytes);
  if (bytes.error == ENOENT) return Generation{};
  // Neither is ours, and reading it again would not help.
  if (bytes.error == EFBIG || bytes.error == EISDIR) {
    return Generation{Condition::kDamaged, {}, "it is " + DescribeErrno(bytes.error)};
  }
  if (!bytes.ok()) return StorageError(bytes.error, "read the state file", path);
  std::variant<Snapshot, BadSnapshot> decoded = DecodeSnapshot(bytes.value);
  if (auto* snapshot = std::get_if<Snapshot>(&decoded)) {
    return Generation{Condition::kGood, std::move(*snapshot), ""};
  }
  const auto& bad = std::get<BadSnapshot>(decoded);
  return Generation{bad.newer ? Condition::kNewer : Condition::kDamaged, {}, bad.why};
}

core::Result<LoadedState> StateFile::Load() {
  using Condition = Generation::Condition;
  current_needs_.reset();
  previous_needs_.reset();
  previous_known_ = false;
  core::Result<Generation> current = Read(path_);
  if (!current.ok()) return current.error();
  current_ = current->condition;
  if (current_ == Condition::kNewer) return NewerError(path_, current->why);
  LoadedState loaded;
  if (current_ == Condition::kGood) {
    current_needs_ = FirstRunNeededBy(current->snapshot);
    loaded.snapshot = std::move(current->snapshot);
    return loaded;
  }

  if (current_ == Condition::kDamaged) {
    loaded.damage = "state file '" + path_ + "' is damaged: " + current->why;
    loaded.notices.push_back(loaded.damage);
  }
  core::Result<Generation> previous = Read(Previous());
  if (!previous.ok()) return previous.error();
  previous_known_ = true;
  if (previous->condition == Condition::kNewer) return NewerError(Previous(), previous->why);
  if (previous->condition == Condition::kDamaged) {
    if (loaded.damage.empty()) loaded.damage = "state file '" + path_ + "' is missing";
    loaded.damage +=
        "; its previous generation '" + Previous() + "' is damaged too: " + previous->why;
    loaded.notices.push_back("the previous generation '" + Previous() +
                             "' is damaged: " + previous->why);
  }
  if (previous->condition == Condition::kGood) {
    previous_needs_ = FirstRunNeededBy(previous->snapshot);
    loaded.snapshot = std::move(previous->snapshot);
    loaded.notices.push_back("the state was read from the previous generation '" + Previous() +
                             "' and the run logs");
  }
  return loaded;
}

int StateFile::WriteTemporary(const core::State& state, bool run_ended) {
  if (const int error = Remove(files_, Temporary()); error != 0) return error;
  const Io<OpenFile> file = Create(files_, Temporary());
  if (!file.ok()) return file.error;
  const auto write = [&file](std::string_view piece, std::uint64_t offset) {
    return file.value.Write(piece, offset);
  };
  const int error = EncodeSnapshot(state, run_ended, piece_bytes_, write);
  return error == 0 ? file.value.Sync() : error;
}

/// Puts the temporary file in the place of the current one, and that in the place of the previous
/// one.
int StateFile::Replace() {
  using Condition = Generation::Condition;
  if (current_ == Condition::kDamaged) {
    // Evidence: it must neither be lost nor become the previous generation.
    if (const int error = Rename(files_, path_, path_ + ".damaged"); error != 0) return error;
  }
  if (current_ != Condition::kGood) return Rename(files_, Temporary(), path_);

  const int error = Exchange(files_, Temporary(), path_);
  if (error == 0) return Rename(files_, Temporary(), Previous());
  if (error != EINVAL && error != ENOSYS) return error;
  // For an instant there is only the previous generation; it will do.
  if (const int failed = Rename(files_, path_, Previous()); failed != 0) return failed;
  return Rename(files_, Temporary(), path_);
}

std::optional<StateFile::SaveError> StateFile::Save(const core::State& state, bool run_ended) {
  int error = WriteTemporary(state, run_ended);
  if (IsFull(error) && reserve_.Release()) error = WriteTemporary(state, run_ended);
  if (error != 0) {
    Remove(files_, Temporary());
    return SaveError{StorageError(error, "write the state file", Temporary()), false};
  }
  error = Replace();
  if (error == 0) error = SyncDirectory(files_, ParentOf(path_));
  if (error != 0) return SaveError{StorageError(error, "replace the state file", path_), true};

  if (current_ == Generation::Condition::kGood) {
    previous_needs_ = current_needs_;
    previous_known_ = true;
  }
  current_ = Generation::Condition::kGood;
  current_needs_ = FirstRunNeededBy(state.position, run_ended);
  return std::nullopt;
}

std::optional<std::uint64_t> StateFile::FirstRunNeeded() {
  if (!current_needs_) return std::nullopt;
  if (!previous_known_) {
    const core::Result<Generation> previous = Read(Previous());
    if (!previous.ok()) return std::nullopt;
    if (previous->condition == Generation::Condition::kGood) {
      previous_needs_ = FirstRunNeededBy(previous->snapshot);
    }
    previous_known_ = true;
  }
  return previous_needs_ ? std::min(*current_needs_, *previous_needs_) : current_needs_;
}

}  // namespace migrationd::storage

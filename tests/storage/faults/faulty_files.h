#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/storage/files.h"
#include "tests/storage/faults/model_files.h"

namespace migrationd::storage {

/// What goes wrong, and from which call on (0: the first). A crash ends the world: no later call
/// has an effect. A full disk takes half of what is written before it says so; a crash tears a
/// write in half.
struct Fault {
  enum class Kind { kNone, kIoError, kFull, kInterrupted, kCrash };

  Kind kind = Kind::kNone;
  bool from_then_on = false;
  std::uint64_t at_call = 0;
};

/// Another file layer with one fault in it. Counts the calls; Close is not counted, as it cannot
/// fail.
class FaultyFiles : public Files {
 public:
  /// `model`: `inner` when that is a model, so that a failed sync loses what it would lose.
  FaultyFiles(Files& inner, Fault fault, ModelFiles* model = nullptr, std::uint64_t seed = 1)
      : inner_(inner), fault_(fault), model_(model), random_(seed) {}

  /// All calls so far, by name.
  [[nodiscard]] const std::vector<std::string>& calls() const { return calls_; }
  /// Whether the fault has been met, and in which call ("fdatasync").
  [[nodiscard]] bool has_struck() const { return !struck_.empty(); }
  [[nodiscard]] const std::string& struck() const { return struck_; }

  /// The call that was struck changes nothing: a crash before it leaves what one after it leaves.
  [[nodiscard]] bool StruckOnlyLooks() const;

  Io<int> Open(const std::string& path, int flags, mode_t mode) override;
  void Close(int file) override { inner_.Close(file); }
  Io<std::size_t> ReadAt(int file, std::span<char> into, std::uint64_t offset) override;
  Io<std::size_t> WriteAt(int file, std::string_view bytes, std::uint64_t offset) override;
  int SyncData(int file) override;
  int Sync(int file) override;
  int Truncate(int file, std::uint64_t size) override;
  int Allocate(int file, std::uint64_t size) override;
  Io<std::uint64_t> SizeOf(int file) override;
  int Lock(int file) override;
  int Rename(const std::string& from, const std::string& to) override;
  int Exchange(const std::string& one, const std::string& other) override;
  int Unlink(const std::string& path) override;
  int MakeDirectory(const std::string& path, mode_t mode) override;
  Io<std::vector<std::string>> List(const std::string& path) override;
  Io<Room> RoomAt(const std::string& path) override;

 private:
  /// errno that this call is to fail with; 0: it goes through.
  int Next(const char* call);
  int FailedSync(int file, int error);

  Files& inner_;
  Fault fault_;
  ModelFiles* model_;
  ModelFiles::Random random_;
  std::vector<std::string> calls_;
  std::string struck_;
};

}  // namespace migrationd::storage

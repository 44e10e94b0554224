#pragma once

#include "daemon/storage/files.h"

namespace migrationd::storage {

/// The real thing. Every descriptor is opened with O_CLOEXEC: scripts must not inherit the state's
/// lock.
class PosixFiles : public Files {
 public:
  Io<int> Open(const std::string& path, int flags, mode_t mode) override;
  void Close(int file) override;
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
};

}  // namespace migrationd::storage

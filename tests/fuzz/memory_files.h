#pragma once

#include <map>
#include <memory>
#include <string>

#include "daemon/storage/files.h"

namespace migrationd::fuzz {

/// A file system in memory, in which nothing ever fails: for looking at what stands in files, not
/// at what befalls them. Folders are there when a file lies in them, or they were made.
class MemoryFiles final : public storage::Files {
 public:
  /// Puts a file there.
  void Put(const std::string& path, std::string_view bytes);

  storage::Io<int> Open(const std::string& path, int flags, mode_t mode) override;
  void Close(int file) override;
  storage::Io<std::size_t> ReadAt(int file, std::span<char> into, std::uint64_t offset) override;
  storage::Io<std::size_t> WriteAt(int file, std::string_view bytes, std::uint64_t offset) override;
  int SyncData(int file) override;
  int Sync(int file) override;
  int Truncate(int file, std::uint64_t size) override;
  int Allocate(int file, std::uint64_t size) override;
  storage::Io<std::uint64_t> SizeOf(int file) override;
  int Lock(int file) override;
  int Rename(const std::string& from, const std::string& to) override;
  int Exchange(const std::string& one, const std::string& other) override;
  int Unlink(const std::string& path) override;
  int MakeDirectory(const std::string& path, mode_t mode) override;
  storage::Io<std::vector<std::string>> List(const std::string& path) override;
  storage::Io<storage::Room> RoomAt(const std::string& path) override;

 private:
  using Content = std::shared_ptr<std::string>;

  std::map<std::string, Content> files_;
  std::map<int, Content> open_;
  int next_ = 3;
};

}  // namespace migrationd::fuzz

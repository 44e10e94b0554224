#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/storage/files.h"

namespace migrationd::storage {

/// An open file, closed with the object. Movable; never outlives the Files it came from.
/// The functions retry after EINTR (a bounded number of times: a call that never gets through is an
/// error) and go on after short reads and writes. Those that return int return 0 or errno.
class OpenFile {
 public:
  OpenFile() = default;
  OpenFile(Files& files, int descriptor) : files_(&files), descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept
      : files_(other.files_), descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept;
  ~OpenFile() { Close(); }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  void Close();

  /// Fewer than `size` bytes only at the end of the file.
  [[nodiscard]] Io<std::string> Read(std::uint64_t offset, std::size_t size) const;
  /// The whole file; EFBIG when it is larger than `limit`.
  [[nodiscard]] Io<std::string> ReadAll(std::uint64_t limit) const;
  [[nodiscard]] int Write(std::string_view bytes, std::uint64_t offset) const;
  /// After an error it must not be called again on this file: the kernel reports a lost write once,
  /// and then takes the page for clean (https://lwn.net/Articles/752063/). EINTR means that nothing
  /// was tried, so that alone is repeated.
  [[nodiscard]] int SyncData() const;
  [[nodiscard]] int Sync() const;
  [[nodiscard]] int Truncate(std::uint64_t size) const;
  [[nodiscard]] int Allocate(std::uint64_t size) const;
  [[nodiscard]] int Lock() const;
  [[nodiscard]] Io<std::uint64_t> Size() const;

 private:
  Files* files_ = nullptr;
  int descriptor_ = -1;
};

/// Opens for reading.
Io<OpenFile> OpenToRead(Files& files, const std::string& path);
/// Opens for reading and writing; a file that is not there is made (mode 0600).
Io<OpenFile> OpenToWrite(Files& files, const std::string& path);
/// Makes a file that must not be there yet (mode 0600), for reading and writing.
Io<OpenFile> Create(Files& files, const std::string& path);

Io<std::string> ReadFile(Files& files, const std::string& path, std::uint64_t limit);

/// Makes names in `directory` (creations, renames, removals) durable, where its file system can.
int SyncDirectory(Files& files, const std::string& directory);
/// The same for `directory` and all above it, as far as they may be read.
int SyncAncestry(Files& files, std::string directory);
int Rename(Files& files, const std::string& from, const std::string& to);
int Exchange(Files& files, const std::string& one, const std::string& other);
/// A file that is not there counts as removed.
int Remove(Files& files, const std::string& path);
/// Makes `path` and the folders above it where they are missing (mode 0700). That a folder is there
/// does not say that it is durable: the life that made it may have ended before it could sync.
int MakeDirectories(Files& files, const std::string& path);
Io<std::vector<std::string>> ListDirectory(Files& files, const std::string& path);
Io<Room> RoomAt(Files& files, const std::string& path);

/// The folder that `path` lies in.
std::string ParentOf(const std::string& path);

}  // namespace migrationd::storage

#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace migrationd::storage {

/// What a system call gave: a value, or errno (then `value` means nothing).
template <typename T>
struct Io {
  T value{};
  int error = 0;

  [[nodiscard]] bool ok() const { return error == 0; }
};

/// The room in a file system, for those without privileges.
struct Room {
  std::uint64_t free_bytes = 0;
  bool read_only = false;
};

/// The system calls that the store needs, one call each and nothing else: they may be interrupted
/// (EINTR) and read or write less than asked. disk.h makes them whole. The seam exists so that
/// tests can let any single call fail, end the world there, or lose what was not synced.
///
/// Those that return int return 0 or errno. Not thread-safe.
class Files {
 public:
  virtual ~Files() = default;

  virtual Io<int> Open(const std::string& path, int flags, mode_t mode) = 0;
  virtual void Close(int file) = 0;
  /// 0 bytes: the end of the file.
  virtual Io<std::size_t> ReadAt(int file, std::span<char> into, std::uint64_t offset) = 0;
  virtual Io<std::size_t> WriteAt(int file, std::string_view bytes, std::uint64_t offset) = 0;
  /// fdatasync: contents and size.
  virtual int SyncData(int file) = 0;
  /// fsync, of a file or a directory.
  virtual int Sync(int file) = 0;
  virtual int Truncate(int file, std::uint64_t size) = 0;
  /// posix_fallocate from the start of the file.
  virtual int Allocate(int file, std::uint64_t size) = 0;
  virtual Io<std::uint64_t> SizeOf(int file) = 0;
  /// fcntl(2), F_SETLK, exclusive, of the whole file: EWOULDBLOCK when another process holds it. It
  /// is the process's own. A child that has its descriptors still, because the process died while
  /// it was starting it, does not have the lock, as it would a flock(2). Nor is it kept from this
  /// process, and closing any descriptor of the file gives it up.
  virtual int Lock(int file) = 0;

  virtual int Rename(const std::string& from, const std::string& to) = 0;
  /// Two names change their files, in one step. EINVAL or ENOSYS where the file system cannot.
  virtual int Exchange(const std::string& one, const std::string& other) = 0;
  virtual int Unlink(const std::string& path) = 0;
  virtual int MakeDirectory(const std::string& path, mode_t mode) = 0;
  /// Names in a directory, without "." and "..", in no order.
  virtual Io<std::vector<std::string>> List(const std::string& path) = 0;
  virtual Io<Room> RoomAt(const std::string& path) = 0;
};

}  // namespace migrationd::storage

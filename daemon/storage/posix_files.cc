#include "daemon/storage/posix_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

namespace migrationd::storage {
namespace {

int ErrnoOf(int returned) { return returned == 0 ? 0 : errno; }

Io<std::size_t> Count(ssize_t returned) {
  if (returned < 0) return {0, errno};
  return {static_cast<std::size_t>(returned), 0};
}

struct DirectoryCloser {
  void operator()(DIR* directory) const { closedir(directory); }
};

}  // namespace

Io<int> PosixFiles::Open(const std::string& path, int flags, mode_t mode) {
  const int file = open(path.c_str(), flags | O_CLOEXEC, mode);
  return {file, file < 0 ? errno : 0};
}

// Never repeated, not even after EINTR: Linux has let go of the descriptor by then (close(2)).
void PosixFiles::Close(int file) { close(file); }

Io<std::size_t> PosixFiles::ReadAt(int file, std::span<char> into, std::uint64_t offset) {
  return Count(pread(file, into.data(), into.size(), static_cast<off_t>(offset)));
}

Io<std::size_t> PosixFiles::WriteAt(int file, std::string_view bytes, std::uint64_t offset) {
  return Count(pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset)));
}

int PosixFiles::SyncData(int file) { return ErrnoOf(fdatasync(file)); }

int PosixFiles::Sync(int file) { return ErrnoOf(fsync(file)); }

int PosixFiles::Truncate(int file, std::uint64_t size) {
  return ErrnoOf(ftruncate(file, static_cast<off_t>(size)));
}

int PosixFiles::Allocate(int file, std::uint64_t size) {
  return posix_fallocate(file, 0, static_cast<off_t>(size));
}

Io<std::uint64_t> PosixFiles::SizeOf(int file) {
  struct stat status {};
  if (fstat(file, &status) != 0) return {0, errno};
  return {static_cast<std::uint64_t>(status.st_size), 0};
}

int PosixFiles::Lock(int file) {
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  const int error = ErrnoOf(fcntl(file, F_SETLK, &whole));
  return error == EACCES ? EWOULDBLOCK : error;
}

int PosixFiles::Rename(const std::string& from, const std::string& to) {
  return ErrnoOf(rename(from.c_str(), to.c_str()));
}

int PosixFiles::Exchange(const std::string& one, const std::string& other) {
  return ErrnoOf(renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE));
}

int PosixFiles::Unlink(const std::string& path) { return ErrnoOf(unlink(path.c_str())); }

int PosixFiles::MakeDirectory(const std::string& path, mode_t mode) {
  return ErrnoOf(mkdir(path.c_str(), mode));
}

Io<std::vector<std::string>> PosixFiles::List(const std::string& path) {
  const std::unique_ptr<DIR, DirectoryCloser> directory(opendir(path.c_str()));
  if (!directory) return {{}, errno};
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(directory.get());
    if (entry == nullptr) return {std::move(names), errno};
    std::string name(entry->d_name);
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
}

Io<Room> PosixFiles::RoomAt(const std::string& path) {
  struct statvfs status {};
  if (statvfs(path.c_str(), &status) != 0) return {{}, errno};
  return {{static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize,
           (status.f_flag & ST_RDONLY) != 0},
          0};
}

}  // namespace migrationd::storage

#include "tests/storage/faults/faulty_files.h"

#include <fcntl.h>

#include <cerrno>
#include <string_view>

namespace migrationd::storage {
namespace {

int ErrorOf(Fault::Kind kind) {
  switch (kind) {
    case Fault::Kind::kNone:
      return 0;
    case Fault::Kind::kIoError:
      return EIO;
    case Fault::Kind::kFull:
      return ENOSPC;
    case Fault::Kind::kInterrupted:
      return EINTR;
    case Fault::Kind::kCrash:
      return ESHUTDOWN;
  }
  return 0;
}

}  // namespace

bool FaultyFiles::StruckOnlyLooks() const {
  for (const std::string_view call : {"open", "pread", "fstat", "readdir", "statvfs"}) {
    if (struck_ == call) return true;
  }
  return false;
}

int FaultyFiles::Next(const char* call) {
  const std::uint64_t number = calls_.size();
  calls_.emplace_back(call);
  if (fault_.kind == Fault::Kind::kNone || number < fault_.at_call) return 0;
  const bool lasts = fault_.from_then_on || fault_.kind == Fault::Kind::kCrash;
  if (number > fault_.at_call && !lasts) return 0;
  if (struck_.empty()) struck_ = call;
  return ErrorOf(fault_.kind);
}

Io<int> FaultyFiles::Open(const std::string& path, int flags, mode_t mode) {
  if (const int error = Next((flags & O_CREAT) != 0 ? "open (O_CREAT)" : "open"))
    return {-1, error};
  return inner_.Open(path, flags, mode);
}

Io<std::size_t> FaultyFiles::ReadAt(int file, std::span<char> into, std::uint64_t offset) {
  if (const int error = Next("pread")) return {0, error};
  return inner_.ReadAt(file, into, offset);
}

Io<std::size_t> FaultyFiles::WriteAt(int file, std::string_view bytes, std::uint64_t offset) {
  const bool was_struck = has_struck();
  if (const int error = Next("pwrite")) {
    const bool leaves_half = error == ENOSPC || error == ESHUTDOWN;
    if (leaves_half && !was_struck) {
      static_cast<void>(inner_.WriteAt(file, bytes.substr(0, bytes.size() / 2), offset));
    }
    return {0, error};
  }
  return inner_.WriteAt(file, bytes, offset);
}

int FaultyFiles::FailedSync(int file, int error) {
  // Interrupted before anything was tried; after a crash nothing is tried either.
  if (model_ != nullptr && (error == EIO || error == ENOSPC)) model_->FailSync(file, random_);
  return error;
}

int FaultyFiles::SyncData(int file) {
  if (const int error = Next("fdatasync")) return FailedSync(file, error);
  return inner_.SyncData(file);
}

int FaultyFiles::Sync(int file) {
  if (const int error = Next("fsync")) return FailedSync(file, error);
  return inner_.Sync(file);
}

int FaultyFiles::Truncate(int file, std::uint64_t size) {
  if (const int error = Next("ftruncate")) return error;
  return inner_.Truncate(file, size);
}

int FaultyFiles::Allocate(int file, std::uint64_t size) {
  if (const int error = Next("fallocate")) return error;
  return inner_.Allocate(file, size);
}

Io<std::uint64_t> FaultyFiles::SizeOf(int file) {
  if (const int error = Next("fstat")) return {0, error};
  return inner_.SizeOf(file);
}

int FaultyFiles::Lock(int file) {
  if (const int error = Next("lock")) return error;
  return inner_.Lock(file);
}

int FaultyFiles::Rename(const std::string& from, const std::string& to) {
  if (const int error = Next("rename")) return error;
  return inner_.Rename(from, to);
}

int FaultyFiles::Exchange(const std::string& one, const std::string& other) {
  if (const int error = Next("renameat2")) return error;
  return inner_.Exchange(one, other);
}

int FaultyFiles::Unlink(const std::string& path) {
  if (const int error = Next("unlink")) return error;
  return inner_.Unlink(path);
}

int FaultyFiles::MakeDirectory(const std::string& path, mode_t mode) {
  if (const int error = Next("mkdir")) return error;
  return inner_.MakeDirectory(path, mode);
}

Io<std::vector<std::string>> FaultyFiles::List(const std::string& path) {
  if (const int error = Next("readdir")) return {{}, error};
  return inner_.List(path);
}

Io<Room> FaultyFiles::RoomAt(const std::string& path) {
  if (const int error = Next("statvfs")) return {{}, error};
  return inner_.RoomAt(path);
}

}  // namespace migrationd::storage

#include "daemon/storage/disk.h"

#include <fcntl.h>

#include <cerrno>

namespace migrationd::storage {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kDirectoryMode = 0700;
constexpr int kMostInterruptions = 100;

int ErrorOf(int result) { return result; }
template <typename T>
int ErrorOf(const Io<T>& result) {
  return result.error;
}

/// Calls until it is not interrupted. EINTR is left over only if it never ends.
template <typename Call>
auto Whole(const Call& call) {
  auto result = call();
  for (int i = 0; i < kMostInterruptions && ErrorOf(result) == EINTR; ++i) result = call();
  return result;
}

Io<OpenFile> Open(Files& files, const std::string& path, int flags) {
  const Io<int> opened = Whole([&] { return files.Open(path, flags, kFileMode); });
  if (!opened.ok()) return {{}, opened.error};
  return {OpenFile(files, opened.value), 0};
}

}  // namespace

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  if (this != &other) {
    Close();
    files_ = other.files_;
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

void OpenFile::Close() {
  if (is_open()) files_->Close(std::exchange(descriptor_, -1));
}

Io<std::string> OpenFile::Read(std::uint64_t offset, std::size_t size) const {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const auto got = Whole(
        [&] { return files_->ReadAt(descriptor_, std::span(bytes).subspan(have), offset + have); });
    if (!got.ok()) return {{}, got.error};
    if (got.value == 0) break;
    have += got.value;
  }
  bytes.resize(have);
  return {std::move(bytes), 0};
}

Io<std::string> OpenFile::ReadAll(std::uint64_t limit) const {
  const Io<std::uint64_t> size = Size();
  if (!size.ok()) return {{}, size.error};
  if (size.value > limit) return {{}, EFBIG};
  return Read(0, static_cast<std::size_t>(size.value));
}

int OpenFile::Write(std::string_view bytes, std::uint64_t offset) const {
  while (!bytes.empty()) {
    const auto wrote = Whole([&] { return files_->WriteAt(descriptor_, bytes, offset); });
    if (!wrote.ok()) return wrote.error;
    if (wrote.value == 0) return EIO;
    bytes.remove_prefix(wrote.value);
    offset += wrote.value;
  }
  return 0;
}

int OpenFile::SyncData() const {
  return Whole([&] { return files_->SyncData(descriptor_); });
}

int OpenFile::Sync() const {
  return Whole([&] { return files_->Sync(descriptor_); });
}

int OpenFile::Truncate(std::uint64_t size) const {
  return Whole([&] { return files_->Truncate(descriptor_, size); });
}

int OpenFile::Allocate(std::uint64_t size) const {
  return Whole([&] { return files_->Allocate(descriptor_, size); });
}

int OpenFile::Lock() const {
  return Whole([&] { return files_->Lock(descriptor_); });
}

Io<std::uint64_t> OpenFile::Size() const {
  return Whole([&] { return files_->SizeOf(descriptor_); });
}

Io<OpenFile> OpenToRead(Files& files, const std::string& path) {
  return Open(files, path, O_RDONLY);
}

Io<OpenFile> OpenToWrite(Files& files, const std::string& path) {
  return Open(files, path, O_RDWR | O_CREAT);
}

Io<OpenFile> Create(Files& files, const std::string& path) {
  return Open(files, path, O_RDWR | O_CREAT | O_EXCL);
}

Io<std::string> ReadFile(Files& files, const std::string& path, std::uint64_t limit) {
  const Io<OpenFile> file = OpenToRead(files, path);
  if (!file.ok()) return {{}, file.error};
  return file.value.ReadAll(limit);
}

int SyncDirectory(Files& files, const std::string& directory) {
  const Io<OpenFile> opened = Open(files, directory, O_RDONLY | O_DIRECTORY);
  const int error = opened.ok() ? opened.value.Sync() : opened.error;
  return error == EINVAL ? 0 : error;
}

int SyncAncestry(Files& files, std::string directory) {
  for (;; directory = ParentOf(directory)) {
    const int error = SyncDirectory(files, directory);
    if (error != 0 && error != EACCES) return error;
    if (directory == "/" || directory == ".") return 0;
  }
}

int Rename(Files& files, const std::string& from, const std::string& to) {
  return Whole([&] { return files.Rename(from, to); });
}

int Exchange(Files& files, const std::string& one, const std::string& other) {
  return Whole([&] { return files.Exchange(one, other); });
}

int Remove(Files& files, const std::string& path) {
  const int error = Whole([&] { return files.Unlink(path); });
  return error == ENOENT ? 0 : error;
}

int MakeDirectories(Files& files, const std::string& path) {
  const auto make = [&] { return files.MakeDirectory(path, kDirectoryMode); };
  int error = Whole(make);
  if (error == ENOENT && path != "/") {
    error = MakeDirectories(files, ParentOf(path));
    if (error == 0) error = Whole(make);
  }
  return error == EEXIST ? 0 : error;
}

Io<std::vector<std::string>> ListDirectory(Files& files, const std::string& path) {
  return Whole([&] { return files.List(path); });
}

Io<Room> RoomAt(Files& files, const std::string& path) {
  return Whole([&] { return files.RoomAt(path); });
}

std::string ParentOf(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace migrationd::storage

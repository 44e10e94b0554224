#include "tests/fuzz/memory_files.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

namespace migrationd::fuzz {

using storage::Io;

void MemoryFiles::Put(const std::string& path, std::string_view bytes) {
  files_[path] = std::make_shared<std::string>(bytes);
}

Io<int> MemoryFiles::Open(const std::string& path, int flags, mode_t /*mode*/) {
  Content content;
  if ((flags & O_DIRECTORY) != 0) {
    content = std::make_shared<std::string>();
  } else if (const auto found = files_.find(path); found != files_.end()) {
    if ((flags & O_EXCL) != 0) return {0, EEXIST};
    content = found->second;
  } else if ((flags & O_CREAT) != 0) {
    content = files_[path] = std::make_shared<std::string>();
  } else {
    return {0, ENOENT};
  }
  open_[next_] = content;
  return {next_++, 0};
}

void MemoryFiles::Close(int file) { open_.erase(file); }

Io<std::size_t> MemoryFiles::ReadAt(int file, std::span<char> into, std::uint64_t offset) {
  const std::string& content = *open_.at(file);
  if (offset >= content.size()) return {0, 0};
  return {content.copy(into.data(), into.size(), static_cast<std::size_t>(offset)), 0};
}

Io<std::size_t> MemoryFiles::WriteAt(int file, std::string_view bytes, std::uint64_t offset) {
  std::string& content = *open_.at(file);
  content.resize(std::max<std::size_t>(content.size(), offset + bytes.size()));
  content.replace(static_cast<std::size_t>(offset), bytes.size(), bytes);
  return {bytes.size(), 0};
}

int MemoryFiles::SyncData(int /*file*/) { return 0; }

int MemoryFiles::Sync(int /*file*/) { return 0; }

int MemoryFiles::Truncate(int file, std::uint64_t size) {
  open_.at(file)->resize(static_cast<std::size_t>(size));
  return 0;
}

int MemoryFiles::Allocate(int /*file*/, std::uint64_t /*size*/) { return 0; }

Io<std::uint64_t> MemoryFiles::SizeOf(int file) { return {open_.at(file)->size(), 0}; }

int MemoryFiles::Lock(int /*file*/) { return 0; }

int MemoryFiles::Rename(const std::string& from, const std::string& to) {
  const auto found = files_.find(from);
  if (found == files_.end()) return ENOENT;
  files_[to] = found->second;
  files_.erase(from);
  return 0;
}

int MemoryFiles::Exchange(const std::string& one, const std::string& other) {
  if (!files_.contains(one) || !files_.contains(other)) return ENOENT;
  std::swap(files_[one], files_[other]);
  return 0;
}

int MemoryFiles::Unlink(const std::string& path) { return files_.erase(path) > 0 ? 0 : ENOENT; }

int MemoryFiles::MakeDirectory(const std::string& /*path*/, mode_t /*mode*/) { return EEXIST; }

Io<std::vector<std::string>> MemoryFiles::List(const std::string& path) {
  std::vector<std::string> names;
  for (const auto& [file, content] : files_) {
    const std::size_t slash = file.rfind('/');
    if (file.substr(0, slash) == path) names.push_back(file.substr(slash + 1));
  }
  return {std::move(names), 0};
}

Io<storage::Room> MemoryFiles::RoomAt(const std::string& /*path*/) {
  return {{std::uint64_t{1} << 40U, false}, 0};
}

}  // namespace migrationd::fuzz

#include "tests/storage/faults/model_files.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "daemon/storage/disk.h"

namespace migrationd::storage {

ModelFiles::ModelFiles() : root_(std::make_shared<Inode>()) { root_->is_directory = true; }

void ModelFiles::ApplyChange(const DataChange& change, std::string& content) {
  if (change.is_truncation) {
    content.resize(change.offset);
    return;
  }
  content.resize(std::max<std::size_t>(content.size(), change.offset + change.bytes.size()));
  std::copy(change.bytes.begin(), change.bytes.end(),
            content.begin() + static_cast<std::ptrdiff_t>(change.offset));
}

void ModelFiles::ApplyNames(const NameChange& change, std::map<std::string, InodePtr>& names) {
  for (const auto& [name, inode] : change) {
    if (inode) {
      names[name] = inode;
    } else {
      names.erase(name);
    }
  }
}

ModelFiles::InodePtr ModelFiles::Clone(const InodePtr& inode,
                                       std::map<const Inode*, InodePtr>& done) {
  if (!inode) return nullptr;
  InodePtr& clone = done[inode.get()];
  if (clone) return clone;
  InodePtr result = clone = std::make_shared<Inode>(*inode);
  result->locked = false;
  for (auto& [name, entry] : result->names) entry = Clone(entry, done);
  for (auto& [name, entry] : result->names_on_disk) entry = Clone(entry, done);
  for (NameChange& change : result->unsynced_names) {
    for (auto& [name, entry] : change) entry = Clone(entry, done);
  }
  return result;
}

std::unique_ptr<ModelFiles> ModelFiles::Copy() const {
  auto copy = std::make_unique<ModelFiles>();
  std::map<const Inode*, InodePtr> done;
  copy->root_ = Clone(root_, done);
  return copy;
}

ModelFiles::InodePtr ModelFiles::Find(const std::string& path) const {
  if (path == "/") return root_;
  return At(PlaceOf(path));
}

ModelFiles::Place ModelFiles::PlaceOf(const std::string& path) const {
  const std::size_t slash = path.find_last_of('/');
  return {Find(ParentOf(path)), path.substr(slash + 1)};
}

ModelFiles::InodePtr ModelFiles::At(const Place& place) {
  if (!place.directory || !place.directory->is_directory) return nullptr;
  const auto found = place.directory->names.find(place.name);
  return found == place.directory->names.end() ? nullptr : found->second;
}

int ModelFiles::Change(const InodePtr& directory, const NameChange& change) {
  ApplyNames(change, directory->names);
  directory->unsynced_names.push_back(change);
  return 0;
}

ModelFiles::Inode* ModelFiles::FileOf(int file) const { return opened_.at(file).inode.get(); }

Io<int> ModelFiles::Open(const std::string& path, int flags, mode_t /*mode*/) {
  InodePtr inode = Find(path);
  const bool may_create = (flags & O_CREAT) != 0;
  if (inode && may_create && (flags & O_EXCL) != 0) return {-1, EEXIST};
  if (!inode) {
    const Place place = PlaceOf(path);
    if (!may_create || !place.directory) return {-1, ENOENT};
    inode = std::make_shared<Inode>();
    Change(place.directory, {{place.name, inode}});
  }
  if ((flags & O_DIRECTORY) != 0 && !inode->is_directory) return {-1, ENOTDIR};
  opened_[next_descriptor_] = {inode, false};
  return {next_descriptor_++, 0};
}

void ModelFiles::Close(int file) {
  const auto found = opened_.find(file);
  if (found == opened_.end()) return;
  if (found->second.holds_lock) found->second.inode->locked = false;
  opened_.erase(found);
}

Io<std::size_t> ModelFiles::ReadAt(int file, std::span<char> into, std::uint64_t offset) {
  const Inode* inode = FileOf(file);
  if (inode->is_directory) return {0, EISDIR};
  if (offset >= inode->content.size()) return {0, 0};
  const std::size_t size = std::min<std::size_t>(into.size(), inode->content.size() - offset);
  inode->content.copy(into.data(), size, offset);
  return {size, 0};
}

Io<std::size_t> ModelFiles::WriteAt(int file, std::string_view bytes, std::uint64_t offset) {
  Inode* inode = FileOf(file);
  inode->unsynced.push_back({false, offset, std::string(bytes)});
  ApplyChange(inode->unsynced.back(), inode->content);
  return {bytes.size(), 0};
}

int ModelFiles::SyncData(int file) {
  Inode* inode = FileOf(file);
  for (const DataChange& change : inode->unsynced) ApplyChange(change, inode->on_disk);
  inode->unsynced.clear();
  for (const NameChange& change : inode->unsynced_names) ApplyNames(change, inode->names_on_disk);
  inode->unsynced_names.clear();
  return 0;
}

int ModelFiles::Sync(int file) { return SyncData(file); }

int ModelFiles::Truncate(int file, std::uint64_t size) {
  Inode* inode = FileOf(file);
  inode->unsynced.push_back({true, size, ""});
  ApplyChange(inode->unsynced.back(), inode->content);
  return 0;
}

int ModelFiles::Allocate(int file, std::uint64_t size) {
  Inode* inode = FileOf(file);
  return inode->content.size() < size ? Truncate(file, size) : 0;
}

Io<std::uint64_t> ModelFiles::SizeOf(int file) { return {FileOf(file)->content.size(), 0}; }

int ModelFiles::Lock(int file) {
  Opened& opened = opened_.at(file);
  if (opened.inode->locked && !opened.holds_lock) return EWOULDBLOCK;
  opened.inode->locked = opened.holds_lock = true;
  return 0;
}

int ModelFiles::Rename(const std::string& from, const std::string& to) {
  const Place source = PlaceOf(from);
  const Place target = PlaceOf(to);
  const InodePtr inode = At(source);
  if (!inode || !target.directory) return ENOENT;
  if (source.directory != target.directory) return EXDEV;
  return Change(source.directory, {{source.name, nullptr}, {target.name, inode}});
}

int ModelFiles::Exchange(const std::string& one, const std::string& other) {
  const Place first = PlaceOf(one);
  const Place second = PlaceOf(other);
  const InodePtr a = At(first);
  const InodePtr b = At(second);
  if (!a || !b) return ENOENT;
  if (first.directory != second.directory) return EXDEV;
  return Change(first.directory, {{first.name, b}, {second.name, a}});
}

int ModelFiles::Unlink(const std::string& path) {
  const Place place = PlaceOf(path);
  if (!At(place)) return ENOENT;
  return Change(place.directory, {{place.name, nullptr}});
}

int ModelFiles::MakeDirectory(const std::string& path, mode_t /*mode*/) {
  const Place place = PlaceOf(path);
  if (path == "/" || At(place)) return EEXIST;
  if (!place.directory) return ENOENT;
  const auto inode = std::make_shared<Inode>();
  inode->is_directory = true;
  return Change(place.directory, {{place.name, inode}});
}

Io<std::vector<std::string>> ModelFiles::List(const std::string& path) {
  const InodePtr inode = Find(path);
  if (!inode) return {{}, ENOENT};
  std::vector<std::string> names;
  for (const auto& entry : inode->names) names.push_back(entry.first);
  return {names, 0};
}

Io<Room> ModelFiles::RoomAt(const std::string& path) {
  if (!Find(path)) return {{}, ENOENT};
  return {{std::uint64_t{1} << 40U, false}, 0};
}

}  // namespace migrationd::storage

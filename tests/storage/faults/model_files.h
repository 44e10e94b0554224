#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "daemon/storage/files.h"

namespace migrationd::storage {

/// A file system in memory that knows what a disk has and what only the page cache has. Weaker than
/// any real one on purpose: a name is on the disk only when its directory was synced, contents only
/// when the file was; nothing that was not synced has an order. Directories are synced one by one.
class ModelFiles : public Files {
 public:
  ModelFiles();

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

  /// Another one in the same state, with what is not synced and without open files.
  [[nodiscard]] std::unique_ptr<ModelFiles> Copy() const;

  using Random = std::mt19937_64;

  /// What a sync that failed leaves behind: some of what was to be written is on the disk, the rest
  /// never will be, though everybody still reads it (https://lwn.net/Articles/752063/).
  void FailSync(int file, Random& random);

  /// A disk as it may look after the power went: of what was not synced some is there, torn in
  /// sectors or anywhere, the rest is as before, or zeros, or rubbish.
  std::unique_ptr<ModelFiles> AfterPowerLoss(Random& random) const;

 private:
  struct Inode;
  using InodePtr = std::shared_ptr<Inode>;

  /// A change of contents that is not on the disk yet.
  struct DataChange {
    bool is_truncation = false;
    std::uint64_t offset = 0;  // Or the new size.
    std::string bytes;
  };
  /// A change of names in one directory: each name gets an inode or loses it (nullptr). One step.
  using NameChange = std::map<std::string, InodePtr>;

  struct Inode {
    bool is_directory = false;
    std::string content;  // As everybody reads it.
    std::string on_disk;  // As of the last sync.
    std::vector<DataChange> unsynced;
    std::map<std::string, InodePtr> names;
    std::map<std::string, InodePtr> names_on_disk;
    std::vector<NameChange> unsynced_names;
    bool locked = false;
  };
  struct Place {
    InodePtr directory;
    std::string name;
  };
  struct Opened {
    InodePtr inode;
    bool holds_lock = false;
  };
  /// How much of the unsynced survives this time.
  struct Mood;

  static void ApplyChange(const DataChange& change, std::string& content);
  static void ApplyNames(const NameChange& change, std::map<std::string, InodePtr>& names);
  static void ApplySome(const DataChange& change, std::string& content, const Mood& mood,
                        Random& random);
  static InodePtr Clone(const InodePtr& inode, std::map<const Inode*, InodePtr>& done);
  static InodePtr Survivor(const InodePtr& inode, std::map<const Inode*, InodePtr>& done,
                           const Mood& mood, Random& random);

  InodePtr Find(const std::string& path) const;
  Place PlaceOf(const std::string& path) const;
  static InodePtr At(const Place& place);
  static int Change(const InodePtr& directory, const NameChange& change);
  Inode* FileOf(int file) const;

  InodePtr root_;
  std::map<int, Opened> opened_;
  int next_descriptor_ = 3;
};

}  // namespace migrationd::storage

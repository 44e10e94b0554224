#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "daemon/core/result.h"

namespace migrationd::storage {

/// SHA-256 of files, computed again only when device, inode, size, mtime or ctime have changed: a
/// file that has not costs no open. One that changed moments ago is not kept, because within one
/// tick of the kernel's clock a second change would leave the same times.
class HashCache {
 public:
  explicit HashCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  struct Hashed {
    std::string sha256;   ///< Empty when there is a problem.
    std::string problem;  ///< "Permission denied".
  };

  /// Of the file `name` in the open `directory`, whose status is `status`.
  Hashed HashOf(int directory, const char* name, const struct stat& status);

  /// Forgets what was not asked for since the last call.
  void Sweep();

 private:
  struct Key {
    dev_t device;
    ino_t inode;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::uint64_t>{}(key.inode * 0x9E3779B97F4A7C15U ^ key.device);
    }
  };
  struct Stamp {
    off_t size;
    timespec modified;
    timespec changed;
  };
  struct Entry {
    Stamp stamp;
    std::string sha256;
    bool used;
  };

  static Stamp StampOf(const struct stat& status);
  static bool IsSame(const Stamp& one, const Stamp& other);

  std::size_t max_bytes_;
  std::unordered_map<Key, Entry, KeyHash> entries_;
};

/// A regular file of at most `max_bytes`, read whole, and its status from the moment it was opened.
/// `name` may be relative to the open `directory` (or AT_FDCWD). Error: words only, "Permission
/// denied".
struct ScriptBytes {
  std::string bytes;
  struct stat status {};
  std::string problem;  ///< Empty: it was read.
  int error = 0;        ///< errno behind the problem, if there is one.
};
ScriptBytes ReadScriptBytes(int directory, const char* name, std::size_t max_bytes);

}  // namespace migrationd::storage

#pragma once

#include <sys/stat.h>

#include <compare>
#include <cstddef>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/storage/digest.h"

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
    auto operator<=>(const Key&) const = default;
  };
  struct Stamp {
    off_t size;
    timespec modified;
    timespec changed;
  };
  struct Entry {
    Key key;
    Stamp stamp;
    Digest sha256;
  };

  static Stamp StampOf(const struct stat& status);
  static bool IsSame(const Stamp& one, const Stamp& other);

  /// The entry of before the last sweep; nullptr when there is none, or it has changed.
  const Entry* Find(const Key& key, const Stamp& stamp) const;

  std::size_t max_bytes_;
  std::vector<Entry> known_;  ///< Of before the last sweep, by key; in one block, for it stays.
  std::vector<Entry> asked_;  ///< What was asked for since.
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

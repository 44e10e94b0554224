#pragma once

#include <sys/stat.h>

#include <string>
#include <vector>

#include "daemon/core/catalogue.h"

namespace migrationd::storage {

/// A folder that is being read: its descriptor, closed with the object, and what lies in it.
class OpenFolder {
 public:
  /// `name` may be relative to the open `directory` (or AT_FDCWD).
  OpenFolder(int directory, const char* name);
  ~OpenFolder();
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;

  /// Reads the names of what lies in it.
  void Read();

  /// errno of what went wrong; 0: nothing.
  [[nodiscard]] int error() const { return error_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// What Read() found: without "." and "..", in no order.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  int descriptor_ = -1;
  int error_ = 0;
  std::vector<std::string> names_;
};

/// Looks at entries of a catalogue: what they are, where their links lead, who could change them.
class EntryInspector {
 public:
  /// `root` is the catalogue's directory, absolute; it must be there.
  explicit EntryInspector(const std::string& root);

  struct Inspected {
    core::ListedEntry entry;
    struct stat status {};  ///< Of what a link leads to.
    bool is_link = false;
  };
  /// The entry `name` of the open `folder`, whose path is `folder_path`.
  Inspected Inspect(const OpenFolder& folder, const std::string& folder_path,
                    const std::string& name) const;

 private:
  void FollowLink(Inspected& inspected) const;

  std::string real_root_;
};

}  // namespace migrationd::storage

#pragma once

#include <cstddef>
#include <string>

#include "daemon/core/ports.h"
#include "daemon/storage/directory_walk.h"
#include "daemon/storage/folder_watch.h"
#include "daemon/storage/hash_cache.h"

namespace migrationd::storage {

struct DirectoryOptions {
  std::string root;  ///< The migrations directory; a relative one is resolved at construction.
  /// A longer script is a problem of its entry.
  std::size_t max_script_bytes = std::size_t{1} << 20U;
};

/// The migrations directory on a file system. Names that the contract ignores are not listed. Loop
/// thread only.
class DirectoryReader : public core::CatalogueSource {
 public:
  explicit DirectoryReader(DirectoryOptions options);

  core::Result<core::CatalogueListing> List() override;
  bool IsUnchanged() override;
  core::Result<std::string> ReadScript(const std::string& path, const std::string& sha256) override;
  std::string Digest(std::string_view bytes) override;

 private:
  core::ListedFolder ReadFolder(const OpenFolder& root, const EntryInspector& inspector,
                                core::ListedEntry self);
  core::ListedEntry ReadEntry(const OpenFolder& folder, const std::string& folder_path,
                              const EntryInspector& inspector, const std::string& name);

  DirectoryOptions options_;
  HashCache hashes_;
  FolderWatch watch_;
};

}  // namespace migrationd::storage

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/ports.h"

namespace migrationd::fakes {

/// A migrations directory in memory, at /migrations. One thread only.
class FakeCatalogue final : public core::CatalogueSource {
 public:
  static constexpr std::string_view kRoot = "/migrations";

  /// Puts a script at `path`, "v1.1.0/001_a.py", or changes the one that is there.
  void Write(const std::string& path, const std::string& bytes = "# a script\n");
  void Remove(const std::string& path);
  /// The bytes change as soon as the directory has been listed: a `git pull` between two looks.
  void ChangeAfterListing(const std::string& path, const std::string& bytes);
  /// From now on, until the next Write, the directory is not there.
  void Vanish();
  /// An entry that is not simply a readable file; its folder is made if it is missing.
  void Put(const std::string& folder, const core::ListedEntry& entry);

  /// From now on every change is noticed, but for those that Slip.
  void Watch() { watched_ = true; }
  /// As Write, but unnoticed by whoever watches.
  void Slip(const std::string& path, const std::string& bytes) { scripts_[path] = bytes; }

  core::Result<core::CatalogueListing> List() override;
  bool IsUnchanged() override { return watched_ && !changed_; }
  core::Result<std::string> ReadScript(const std::string& path, const std::string& sha256) override;
  std::string Digest(std::string_view bytes) override;

  int listed() const { return listed_; }
  /// Paths of the scripts whose bytes were asked for, in order.
  const std::vector<std::string>& read() const { return read_; }

 private:
  core::ListedFolder& FolderNamed(core::CatalogueListing& listing, const std::string& name) const;

  bool watched_ = false;
  bool changed_ = true;  ///< Since the last listing, and noticed.
  bool vanished_ = false;
  std::map<std::string, std::string> scripts_;  ///< "v1.1.0/001_a.py" -> bytes.
  std::map<std::string, std::string> changes_;  ///< Due after the next listing.
  std::vector<std::pair<std::string, core::ListedEntry>> others_;
  int listed_ = 0;
  std::vector<std::string> read_;
};

/// What FakeCatalogue takes for a script's SHA-256: 64 hex digits that depend on all bytes.
std::string FakeSha256(std::string_view bytes);

}  // namespace migrationd::fakes

#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/catalogue.h"

namespace migrationd::core {

/// A migrations directory at /m, as the file system would have listed it; told entry by entry.
class Listing {
 public:
  Listing() { listing_.root = "/m"; }

  /// A script that can be read; its bytes are named by their path.
  Listing& File(const std::string& folder, const std::string& name) {
    return Entry(folder, Made(folder + "/" + name, ListedEntry::Kind::kFile));
  }
  Listing& Folder(const std::string& name) {
    FolderNamed(name);
    return *this;
  }
  Listing& Entry(const std::string& folder, ListedEntry entry) {
    FolderNamed(folder).entries.push_back(std::move(entry));
    return *this;
  }
  Listing& Beside(const std::string& name, ListedEntry::Kind kind = ListedEntry::Kind::kFile) {
    listing_.others.push_back(Made(name, kind));
    return *this;
  }
  ListedEntry& Self(const std::string& folder) { return FolderNamed(folder).self; }
  CatalogueListing& Raw() { return listing_; }

  static ListedEntry Made(const std::string& path, ListedEntry::Kind kind) {
    ListedEntry entry;
    entry.name = path.substr(path.rfind('/') + 1);
    entry.path = "/m/" + path;
    entry.kind = kind;
    if (kind == ListedEntry::Kind::kFile) entry.sha256 = "hash of " + path;
    return entry;
  }

  Catalogue Judged(ExposurePolicy exposure = ExposurePolicy::kRefuse,
                   const std::map<std::string, ScriptFacts>& facts = {}) const {
    return BuildCatalogue(
        listing_,
        [&facts](const std::string& sha256) {
          const auto found = facts.find(sha256);
          return found == facts.end() ? nullptr : &found->second;
        },
        exposure);
  }

 private:
  ListedFolder& FolderNamed(const std::string& name) {
    for (ListedFolder& folder : listing_.folders) {
      if (folder.self.name == name) return folder;
    }
    return listing_.folders.emplace_back(
        ListedFolder{Made(name, ListedEntry::Kind::kDirectory), {}});
  }

  CatalogueListing listing_;
};

inline std::vector<std::string> IdsOf(const Catalogue& catalogue) {
  std::vector<std::string> ids;
  for (const Migration& migration : catalogue.migrations) ids.push_back(migration.id);
  return ids;
}

/// Each finding as "error /m/v1.1: words".
inline std::vector<std::string> FindingsOf(const Catalogue& catalogue) {
  std::vector<std::string> words;
  for (const Finding& finding : catalogue.findings) {
    const bool is_error = finding.severity == Finding::Severity::kError;
    words.push_back((is_error ? "error " : "warning ") + finding.subject + " " + finding.message);
  }
  return words;
}

}  // namespace migrationd::core

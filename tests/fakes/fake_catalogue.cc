#include "tests/fakes/fake_catalogue.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace migrationd::fakes {

using core::CatalogueListing;
using core::Error;
using core::ListedEntry;
using core::ListedFolder;
using core::Reason;
using core::Result;

std::string FakeSha256(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  std::string text;
  for (unsigned i = 0; i < 64; ++i) text += kDigits[(hash >> (i % 16 * 4)) & 0xFU];
  return text;
}

void FakeCatalogue::Write(const std::string& path, const std::string& bytes) {
  vanished_ = false;
  changed_ = true;
  scripts_[path] = bytes;
}

void FakeCatalogue::Remove(const std::string& path) {
  scripts_.erase(path);
  changed_ = true;
}

void FakeCatalogue::ChangeAfterListing(const std::string& path, const std::string& bytes) {
  changes_[path] = bytes;
}

void FakeCatalogue::Vanish() { vanished_ = changed_ = true; }

void FakeCatalogue::Put(const std::string& folder, const ListedEntry& entry) {
  others_.emplace_back(folder, entry);
}

ListedFolder& FakeCatalogue::FolderNamed(CatalogueListing& listing, const std::string& name) const {
  const auto found =
      std::find_if(listing.folders.begin(), listing.folders.end(),
                   [&name](const ListedFolder& folder) { return folder.self.name == name; });
  if (found != listing.folders.end()) return *found;
  ListedEntry self;
  self.name = name;
  self.path = listing.root + "/" + name;
  self.kind = ListedEntry::Kind::kDirectory;
  return listing.folders.emplace_back(ListedFolder{self, {}});
}

Result<CatalogueListing> FakeCatalogue::List() {
  ++listed_;
  changed_ = !changes_.empty();
  if (vanished_) {
    return Error{Reason::kCatalogueMissing,
                 "cannot read the migrations directory '/migrations': it is not there",
                 "Make it, or give another one with --migrations."};
  }
  CatalogueListing listing;
  listing.root = kRoot;
  for (const auto& [path, bytes] : scripts_) {
    const std::size_t slash = path.find('/');
    ListedEntry entry;
    entry.name = path.substr(slash + 1);
    entry.path = listing.root + "/" + path;
    entry.kind = ListedEntry::Kind::kFile;
    entry.sha256 = FakeSha256(bytes);
    FolderNamed(listing, path.substr(0, slash)).entries.push_back(std::move(entry));
  }
  for (const auto& [folder, entry] : others_) FolderNamed(listing, folder).entries.push_back(entry);
  for (const auto& [path, bytes] : std::exchange(changes_, {})) scripts_[path] = bytes;
  return listing;
}

Result<std::string> FakeCatalogue::ReadScript(const std::string& path, const std::string& sha256) {
  read_.push_back(path);
  const auto found = scripts_.find(path.substr(kRoot.size() + 1));
  if (found == scripts_.end() || FakeSha256(found->second) != sha256) {
    return Error{Reason::kPlanMoved, "'" + path + "' changed while it was read",
                 "Look at the plan again."};
  }
  return found->second;
}

std::string FakeCatalogue::Digest(std::string_view bytes) { return FakeSha256(bytes); }

}  // namespace migrationd::fakes

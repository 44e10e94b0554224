#include "daemon/storage/directory_reader.h"

#include <fcntl.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "daemon/storage/digest.h"
#include "daemon/storage/exposure.h"
#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

std::string Absolute(const std::string& path) {
  std::error_code failed;
  std::string absolute = std::filesystem::absolute(path, failed).lexically_normal().string();
  if (failed) return path;
  if (absolute.size() > 1 && absolute.back() == '/') absolute.pop_back();
  return absolute;
}

core::Error CatalogueMissing(const std::string& root, int error) {
  return core::Error{core::Reason::kCatalogueMissing,
                     "cannot read the migrations directory '" + root + "': " + DescribeErrno(error),
                     "Create it, make it readable, or name another one with --migrations."};
}

core::Error HasMoved(const std::string& path, const std::string& how) {
  return core::Error{core::Reason::kPlanMoved, "script '" + path + "' " + how,
                     "Plan again, and look at what would run now."};
}

/// Whether changes of an entry show in the folder that it lies in.
bool ChangesInPlace(const EntryInspector::Inspected& inspected) {
  const bool is_file = inspected.entry.kind == core::ListedEntry::Kind::kFile;
  return !inspected.is_link && inspected.entry.problem.empty() &&
         (!is_file || inspected.status.st_nlink == 1);
}

bool LooksLikeScript(const std::string& name) { return name.ends_with(".py"); }

}  // namespace

DirectoryReader::DirectoryReader(DirectoryOptions options)
    : options_(std::move(options)), hashes_(options_.max_script_bytes) {
  options_.root = Absolute(options_.root);
}

core::Result<core::CatalogueListing> DirectoryReader::List() {
  OpenFolder root(AT_FDCWD, options_.root.c_str());
  watch_.Begin(root.descriptor());
  root.Read();
  if (root.error() != 0) return CatalogueMissing(options_.root, root.error());
  struct stat status {};
  if (fstat(root.descriptor(), &status) != 0) return CatalogueMissing(options_.root, errno);
  core::CatalogueListing listing;
  listing.root = options_.root;
  listing.root_exposure = DescribeExposure(status);
  const EntryInspector inspector(options_.root);
  for (const std::string& name : root.names()) {
    if (core::IsIgnoredName(name)) continue;
    EntryInspector::Inspected inspected = inspector.Inspect(root, options_.root, name);
    if (!ChangesInPlace(inspected)) watch_.Doubt();
    core::ListedEntry& entry = inspected.entry;
    if (entry.kind == core::ListedEntry::Kind::kDirectory) {
      listing.folders.push_back(ReadFolder(root, inspector, std::move(entry)));
    } else {
      listing.others.push_back(std::move(entry));
    }
  }
  hashes_.Sweep();
  watch_.End();
  return listing;
}

bool DirectoryReader::IsUnchanged() { return watch_.IsUnchanged(options_.root.c_str()); }

core::ListedFolder DirectoryReader::ReadFolder(const OpenFolder& root,
                                               const EntryInspector& inspector,
                                               core::ListedEntry self) {
  core::ListedFolder listed;
  listed.self = std::move(self);
  // What lies outside is none of our business.
  if (listed.self.leads_out) return listed;
  OpenFolder folder(root.descriptor(), listed.self.name.c_str());
  watch_.Add(folder.descriptor());
  folder.Read();
  if (folder.error() != 0) {
    watch_.Doubt();
    listed.self.problem = DescribeErrno(folder.error());
    return listed;
  }
  listed.entries.reserve(folder.names().size());
  for (const std::string& name : folder.names()) {
    if (core::IsIgnoredName(name)) continue;
    listed.entries.push_back(ReadEntry(folder, listed.self.path, inspector, name));
  }
  return listed;
}

core::ListedEntry DirectoryReader::ReadEntry(const OpenFolder& folder,
                                             const std::string& folder_path,
                                             const EntryInspector& inspector,
                                             const std::string& name) {
  EntryInspector::Inspected inspected = inspector.Inspect(folder, folder_path, name);
  core::ListedEntry& entry = inspected.entry;
  if (entry.kind == core::ListedEntry::Kind::kFile && !entry.leads_out && LooksLikeScript(name)) {
    HashCache::Hashed hashed = hashes_.HashOf(folder.descriptor(), name.c_str(), inspected.status);
    entry.sha256 = std::move(hashed.sha256);
    entry.problem = std::move(hashed.problem);
  }
  if (!ChangesInPlace(inspected)) watch_.Doubt();
  return std::move(entry);
}

core::Result<std::string> DirectoryReader::ReadScript(const std::string& path,
                                                      const std::string& sha256) {
  ScriptBytes script = ReadScriptBytes(AT_FDCWD, path.c_str(), options_.max_script_bytes);
  if (script.error == 0 && script.problem.empty() && Sha256Hex({script.bytes}) == sha256)
    return std::move(script.bytes);
  // Whatever was told of it, it is not what was listed.
  watch_.Doubt();
  if (script.error == ENOENT || script.error == ENOTDIR) return HasMoved(path, "is gone");
  if (script.error != 0) return StorageError(script.error, "read the script", path);
  if (!script.problem.empty()) return HasMoved(path, "cannot be used any more: " + script.problem);
  return HasMoved(path, "has changed since it was planned");
}

std::string DirectoryReader::Digest(std::string_view bytes) { return Sha256Hex({bytes}); }

}  // namespace migrationd::storage

#include "daemon/storage/directory_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "daemon/storage/disk.h"
#include "daemon/storage/exposure.h"
#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

struct Freer {
  void operator()(char* text) const { std::free(text); }
};

/// Empty with errno when it leads nowhere.
std::string RealPath(const std::string& path) {
  const std::unique_ptr<char, Freer> real(realpath(path.c_str(), nullptr));
  return real ? std::string(real.get()) : std::string();
}

core::ListedEntry::Kind KindOf(const struct stat& status) {
  using Kind = core::ListedEntry::Kind;
  if (S_ISREG(status.st_mode)) return Kind::kFile;
  return S_ISDIR(status.st_mode) ? Kind::kDirectory : Kind::kOther;
}

}  // namespace

OpenFolder::OpenFolder(int directory, const char* name)
    : descriptor_(openat(directory, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) error_ = errno;
}

OpenFolder::~OpenFolder() {
  if (descriptor_ >= 0) close(descriptor_);
}

void OpenFolder::Read() {
  if (error_ != 0) return;
  // A descriptor of its own, because closedir takes it along.
  const int duplicate = fcntl(descriptor_, F_DUPFD_CLOEXEC, 0);
  DIR* stream = duplicate < 0 ? nullptr : fdopendir(duplicate);
  if (stream == nullptr) {
    error_ = errno;
    if (duplicate >= 0) close(duplicate);
    return;
  }
  for (errno = 0; const dirent* entry = readdir(stream); errno = 0) {
    std::string name(entry->d_name);
    if (name != "." && name != "..") names_.push_back(std::move(name));
  }
  error_ = errno;
  closedir(stream);
}

EntryInspector::EntryInspector(const std::string& root) : real_root_(RealPath(root)) {}

void EntryInspector::FollowLink(Inspected& inspected) const {
  core::ListedEntry& entry = inspected.entry;
  const std::string target = RealPath(entry.path);
  if (target.empty() || stat(target.c_str(), &inspected.status) != 0) {
    entry.problem = DescribeErrno(errno);
    return;
  }
  entry.kind = KindOf(inspected.status);
  if (!target.starts_with(real_root_ + "/")) {
    entry.leads_out = true;
    return;
  }
  entry.exposure = DescribeExposure(inspected.status);
  for (std::string folder = ParentOf(target); entry.exposure.empty() && folder != real_root_;
       folder = ParentOf(folder)) {
    struct stat status {};
    if (stat(folder.c_str(), &status) != 0) continue;
    const std::string exposure = DescribeExposure(status);
    if (!exposure.empty()) {
      entry.exposure.append("lies in '").append(folder).append("', which ").append(exposure);
    }
  }
}

EntryInspector::Inspected EntryInspector::Inspect(const OpenFolder& folder,
                                                  const std::string& folder_path,
                                                  const std::string& name) const {
  Inspected inspected;
  core::ListedEntry& entry = inspected.entry;
  entry.name = name;
  entry.path = folder_path + "/" + name;
  if (fstatat(folder.descriptor(), name.c_str(), &inspected.status, AT_SYMLINK_NOFOLLOW) != 0) {
    entry.problem = DescribeErrno(errno);
  } else if (S_ISLNK(inspected.status.st_mode)) {
    inspected.is_link = true;
    FollowLink(inspected);
  } else {
    entry.kind = KindOf(inspected.status);
    entry.exposure = DescribeExposure(inspected.status);
  }
  return inspected;
}

}  // namespace migrationd::storage

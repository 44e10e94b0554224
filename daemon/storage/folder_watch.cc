#include "daemon/storage/folder_watch.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <string>

namespace migrationd::storage {
namespace {

/// IN_CLOSE_WRITE besides IN_MODIFY: writes through a mapping are not reported, the closing is.
constexpr std::uint32_t kChanges = IN_CREATE | IN_DELETE | IN_MOVE | IN_MODIFY | IN_ATTRIB |
                                   IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF;

/// File systems that only this kernel changes, by the way that inotify sees. Not so others: of a
/// network's, FUSE's and overlay's changes are made elsewhere too.
bool IsReported(int folder) {
  struct statfs status {};
  if (fstatfs(folder, &status) != 0) return false;
  switch (static_cast<std::uint32_t>(status.f_type)) {
    case EXT4_SUPER_MAGIC:  // And ext2, ext3.
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case TMPFS_MAGIC:
      return true;
    default:
      return false;
  }
}

}  // namespace

FolderWatch::FolderWatch()
    : events_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      mounts_(open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)) {}

FolderWatch::~FolderWatch() {
  if (events_ >= 0) close(events_);
  if (mounts_ >= 0) close(mounts_);
}

void FolderWatch::Begin(int root) {
  reliable_ = false;
  doubted_ = events_ < 0 || mounts_ < 0;
  if (doubted_) return;
  // A new inotify instance would be simpler, but the kernel takes milliseconds to end the old one.
  for (const int watch : watches_) inotify_rm_watch(events_, watch);
  watches_.clear();
  std::array<char, 4096> unread{};
  while (read(events_, unread.data(), unread.size()) > 0) {
  }
  struct stat status {};
  if (fstat(root, &status) != 0) return Doubt();
  root_device_ = status.st_dev;
  root_inode_ = status.st_ino;
  Add(root);
}

void FolderWatch::Add(int folder) {
  if (doubted_) return;
  if (!IsReported(folder)) return Doubt();
  // By its descriptor: what is watched is what is read, whatever the path leads to by now.
  const std::string name = "/proc/self/fd/" + std::to_string(folder);
  const int watch = inotify_add_watch(events_, name.c_str(), kChanges | IN_ONLYDIR);
  if (watch < 0) return Doubt();  // E.g. ENOSPC: fs.inotify.max_user_watches is reached.
  watches_.push_back(watch);
}

bool FolderWatch::IsUnchanged(const char* root) {
  if (!reliable_) return false;
  struct stat status {};
  reliable_ = stat(root, &status) == 0 && status.st_dev == root_device_ &&
              status.st_ino == root_inode_ && IsQuiet();
  return reliable_;
}

/// Any event counts, be it that the queue overflowed or that a file system was unmounted.
bool FolderWatch::IsQuiet() const {
  std::array<pollfd, 2> watched = {pollfd{events_, POLLIN, 0}, pollfd{mounts_, POLLPRI, 0}};
  return poll(watched.data(), watched.size(), 0) == 0;
}

}  // namespace migrationd::storage

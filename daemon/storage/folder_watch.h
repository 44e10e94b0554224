#pragma once

#include <sys/stat.h>

#include <vector>

namespace migrationd::storage {

/// Tells whether folders may have changed since they were read, without looking at what lies in
/// them: inotify(7) watches, one for each folder.
///
/// Seen is every change that is made through the folders themselves, on a local file system that is
/// known to report them all, and finished before the question. What cannot be relied on is for the
/// caller to Doubt(): links, and files with a second name, which can be changed where nobody
/// watches. Two things remain unseen: writes through a mapping (mmap(2)) after the file was closed,
/// and those through a second name that a file gets later on.
///
/// Rejected: a watch for each file (10,000 of them are 10 MB of the kernel's memory), and
/// fanotify(7) (needs CAP_SYS_ADMIN).
///
/// One thread at a time.
class FolderWatch {
 public:
  FolderWatch();
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  /// The folders are about to be read, the one that is open as `root` first. What was watched
  /// before no longer is.
  void Begin(int root);
  /// The folder that is open as `folder` is about to be read: what changes in it from now on
  /// counts.
  void Add(int folder);
  /// What is being read could change where nobody watches.
  void Doubt() {
    doubted_ = true;
    reliable_ = false;
  }
  /// All folders have been read.
  void End() { reliable_ = !doubted_; }

  /// True when nothing has changed since Begin(), and `root`, a path, still leads to the same
  /// folder. False when in doubt, and then until folders have been read again.
  bool IsUnchanged(const char* root);

 private:
  bool IsQuiet() const;

  int events_;  ///< Of inotify; -1: there is none, and everything is doubted.
  int mounts_;  ///< /proc/self/mountinfo, which poll(2) finds exceptional when a mount has changed.
  std::vector<int> watches_;
  dev_t root_device_ = 0;
  ino_t root_inode_ = 0;
  bool doubted_ = true;
  bool reliable_ = false;  ///< The folders were read, nothing was doubted, and nothing has changed.
};

}  // namespace migrationd::storage

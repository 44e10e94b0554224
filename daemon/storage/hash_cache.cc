#include "daemon/storage/hash_cache.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

#include "daemon/storage/digest.h"
#include "daemon/storage/disk.h"
#include "daemon/storage/posix_files.h"
#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

bool IsSameTime(const timespec& one, const timespec& other) {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

bool IsOlder(const timespec& one, const timespec& other) {
  return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_nsec < other.tv_nsec;
}

/// A moment that is surely some ticks of the kernel's clock ago.
timespec AWhileAgo() {
  constexpr long kTicks = 100'000'000;
  timespec time{};
  clock_gettime(CLOCK_REALTIME_COARSE, &time);
  time.tv_nsec -= kTicks;
  if (time.tv_nsec < 0) {
    time.tv_nsec += 1'000'000'000;
    --time.tv_sec;
  }
  return time;
}

}  // namespace

ScriptBytes ReadScriptBytes(int directory, const char* name, std::size_t max_bytes) {
  ScriptBytes script;
  PosixFiles files;
  // O_NONBLOCK: a pipe of that name must not hold the daemon.
  const int descriptor = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) {
    script.error = errno;
    script.problem = DescribeErrno(script.error);
    return script;
  }
  const OpenFile file(files, descriptor);
  if (fstat(descriptor, &script.status) != 0) {
    script.error = errno;
    script.problem = DescribeErrno(script.error);
  } else if (!S_ISREG(script.status.st_mode)) {
    script.problem = "it is not a regular file";
  } else {
    // Not more at once than it is likely to hold: a buffer for the largest script, for each of a
    // thousand small ones, is what a plan would spend its time and memory on.
    const std::size_t likely =
        std::min(max_bytes, static_cast<std::size_t>(script.status.st_size)) + 1;
    Io<std::string> bytes = file.Read(0, likely);
    const bool grew = bytes.value.size() == likely && likely <= max_bytes;
    if (grew) bytes = file.Read(0, max_bytes + 1);
    script.error = bytes.error;
    if (!bytes.ok()) script.problem = DescribeErrno(bytes.error);
    if (bytes.value.size() > max_bytes) {
      script.problem = "it is longer than " + std::to_string(max_bytes) + " bytes";
      bytes.value.clear();
    }
    script.bytes = std::move(bytes.value);
  }
  return script;
}

HashCache::Stamp HashCache::StampOf(const struct stat& status) {
  return {status.st_size, status.st_mtim, status.st_ctim};
}

bool HashCache::IsSame(const Stamp& one, const Stamp& other) {
  return one.size == other.size && IsSameTime(one.modified, other.modified) &&
         IsSameTime(one.changed, other.changed);
}

const HashCache::Entry* HashCache::Find(const Key& key, const Stamp& stamp) const {
  const auto found =
      std::lower_bound(known_.begin(), known_.end(), key,
                       [](const Entry& entry, const Key& wanted) { return entry.key < wanted; });
  const bool is_known = found != known_.end() && found->key == key && IsSame(found->stamp, stamp);
  return is_known ? &*found : nullptr;
}

HashCache::Hashed HashCache::HashOf(int directory, const char* name, const struct stat& status) {
  if (const Entry* known = Find({status.st_dev, status.st_ino}, StampOf(status))) {
    asked_.push_back(*known);
    return {HexOf(known->sha256), ""};
  }
  const timespec settled = AWhileAgo();
  const ScriptBytes script = ReadScriptBytes(directory, name, max_bytes_);
  if (!script.problem.empty()) return {"", script.problem};
  const Digest sha256 = Sha256Of(script.bytes);
  if (IsOlder(script.status.st_ctim, settled)) {
    asked_.push_back(
        {{script.status.st_dev, script.status.st_ino}, StampOf(script.status), sha256});
  }
  return {HexOf(sha256), ""};
}

void HashCache::Sweep() {
  std::sort(asked_.begin(), asked_.end(),
            [](const Entry& one, const Entry& other) { return one.key < other.key; });
  asked_.shrink_to_fit();
  known_ = std::exchange(asked_, {});
}

}  // namespace migrationd::storage

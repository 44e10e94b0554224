#include "daemon/storage/hash_cache.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

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

HashCache::Hashed HashCache::HashOf(int directory, const char* name, const struct stat& status) {
  const Key asked{status.st_dev, status.st_ino};
  if (const auto known = entries_.find(asked);
      known != entries_.end() && IsSame(known->second.stamp, StampOf(status))) {
    known->second.used = true;
    return {known->second.sha256, ""};
  }
  const timespec settled = AWhileAgo();
  const ScriptBytes script = ReadScriptBytes(directory, name, max_bytes_);
  if (!script.problem.empty()) return {"", script.problem};
  std::string sha256 = Sha256Hex({script.bytes});
  const Key read{script.status.st_dev, script.status.st_ino};
  if (IsOlder(script.status.st_ctim, settled)) {
    entries_[read] = Entry{StampOf(script.status), sha256, true};
  } else {
    entries_.erase(read);
  }
  return {std::move(sha256), ""};
}

void HashCache::Sweep() {
  std::erase_if(entries_, [](const auto& entry) { return !entry.second.used; });
  for (auto& [key, entry] : entries_) entry.used = false;
}

}  // namespace migrationd::storage

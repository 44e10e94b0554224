#include "daemon/storage/state_lock.h"

#include <unistd.h>

#include <cerrno>

#include "daemon/storage/storage_error.h"

namespace migrationd::storage {

core::Error StateLock::HeldElsewhere(const OpenFile& file) const {
  constexpr std::size_t kLongestPid = 16;
  std::string pid = file.Read(0, kLongestPid).value;
  pid.resize(std::min(pid.find_first_not_of("0123456789"), pid.size()));
  return core::Error{core::Reason::kStateLocked,
                     "the state is in use by another migrationd" +
                         (pid.empty() ? std::string() : " (process " + pid + ")") +
                         ", which holds '" + path_ + "'",
                     "Talk to that one, or stop it first; the lock goes away with it."};
}

core::Status StateLock::Take() {
  if (file_.is_open()) return core::Ok();
  Io<OpenFile> file = OpenToWrite(files_, path_);
  if (!file.ok()) return StorageError(file.error, "open the lock", path_);
  if (const int error = file.value.Lock(); error != 0) {
    if (error == EWOULDBLOCK) return HeldElsewhere(file.value);
    return StorageError(error, "lock", path_);
  }
  // A full disk must not keep the daemon from serving what it has: the id is only for people.
  if (file.value.Truncate(0) == 0) {
    static_cast<void>(file.value.Write(std::to_string(getpid()) + "\n", 0));
  }
  file_ = std::move(file.value);
  return core::Ok();
}

}  // namespace migrationd::storage

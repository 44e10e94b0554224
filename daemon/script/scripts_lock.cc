#include "daemon/script/scripts_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "daemon/core/text.h"

namespace migrationd::script {

core::Result<ScriptsLock> ScriptsLock::Open(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat file {};
  if (!fd || ::fstat(fd.get(), &file) != 0) {
    return core::Error{core::Reason::kStorageFailed,
                       "The lock of the scripts, " + core::Quote(path) +
                           ", cannot be opened: " + std::strerror(errno) + ".",
                       "Check the directory's owner and mode."};
  }
  return ScriptsLock(std::move(fd),
                     std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino));
}

bool ScriptsLock::TryTake() { return ::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0; }

}  // namespace migrationd::script

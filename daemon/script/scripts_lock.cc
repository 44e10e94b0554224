#include "daemon/script/scripts_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <sstream>
#include <utility>

#include "daemon/core/text.h"
#include "daemon/script/process_table.h"

namespace migrationd::script {
namespace {

std::uint64_t TicksSinceBoot() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const auto ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  const auto seconds = static_cast<std::uint64_t>(now.tv_sec);
  return seconds * ticks + static_cast<std::uint64_t>(now.tv_nsec) * ticks / 1'000'000'000;
}

std::string BootId() {
  std::string id = ReadProcFile("/proc/sys/kernel/random/boot_id");
  if (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

}  // namespace

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

ScriptsLock::ScriptsLock(UniqueFd fd, std::string token)
    : fd_(std::move(fd)), token_(std::move(token)), boot_(BootId()), opened_at_(TicksSinceBoot()) {
  std::array<char, 128> content{};
  const ssize_t size = ::pread(fd_.get(), content.data(), content.size(), 0);
  if (size <= 0) return;
  std::istringstream text(std::string(content.data(), static_cast<std::size_t>(size)));
  std::string boot;
  Session session;
  text >> boot >> session.id >> session.since;
  if (text && boot == boot_ && session.id > 1) earlier_ = session;
}

bool ScriptsLock::TryTake() { return ::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0; }

void ScriptsLock::NoteSession(pid_t session) {
  std::string line = boot_ + " " + std::to_string(session) + " " + std::to_string(opened_at_);
  line.resize(100, ' ');
  line.back() = '\n';
  // Best effort: it is one of three ways to find them.
  [[maybe_unused]] const ssize_t written = ::pwrite(fd_.get(), line.data(), line.size(), 0);
}

}  // namespace migrationd::script

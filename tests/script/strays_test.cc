#include "daemon/script/strays.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "daemon/script/process_table.h"
#include "daemon/script/unique_fd.h"

namespace migrationd::script {
namespace {

/// The reading end of a pipe, which hangs up when nobody holds the other end any more.
class Lifeline {
 public:
  Lifeline() {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) std::abort();
    reading_ = UniqueFd(ends[0]);
    writing_ = UniqueFd(ends[1]);
  }

  /// In the process that is forked; the children of that hold it, too.
  void Hold() { reading_.Close(); }
  /// In the test.
  void LetGo() { writing_.Close(); }

  bool IsHeld() const {
    pollfd end{reading_.get(), POLLIN, 0};
    return ::poll(&end, 1, 0) == 0;
  }

 private:
  UniqueFd reading_;
  UniqueFd writing_;
};

/// One process at a time, each of which forks the next and ends.
[[noreturn]] void Relay(int hops) {
  while (hops-- > 0) {
    const pid_t next = ::fork();
    if (next != 0) ::_exit(0);
    ::setsid();
  }
  ::_exit(0);
}

TEST(StraysTest, WhoHopsFromProcessToProcessIsSeenWhereverHeIs) {
  const Strays strays;
  Lifeline line;
  if (::fork() == 0) {
    line.Hold();
    Relay(3000);
  }
  line.LetGo();
  int looks = 0;
  while (strays.Any()) {
    ++looks;
    // In this order: what is not held after the look may have ended during it.
    if (strays.Living(0).empty() && line.IsHeld()) {
      ADD_FAILURE() << "look " << looks << " saw nobody, and somebody lived";
      break;
    }
    strays.Reap();
  }
  while (line.IsHeld()) strays.Reap();
  strays.Reap();
  EXPECT_FALSE(strays.Any());
}

TEST(StraysTest, AProcessWhoseMainThreadHasEndedLives) {
  const Strays strays;
  const pid_t child = ::fork();
  if (child == 0) {
    pthread_t thread{};
    ::pthread_create(
        &thread, nullptr,
        [](void*) -> void* {
          for (;;) ::pause();
        },
        nullptr);
    ::syscall(SYS_exit, 0);  // Of this thread; exit_group(2) is another call.
  }
  // Until the main thread is what the kernel calls a zombie.
  while (::waitpid(child, nullptr, WNOHANG) == 0) {
    const auto process = ReadProcess(child);
    if (process && process->main_thread_ended) break;
  }
  EXPECT_EQ(strays.Living(0), std::vector<pid_t>{child});
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace migrationd::script

#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <functional>

namespace migrationd::storage {

/// A process that has a state in use until it is killed, or this object goes; and a child of it
/// that lives as long as this object, with all descriptors that the process had: as a child is
/// between vfork(2) and exec(2), for longer.
class AnotherDaemon {
 public:
  /// `begin` runs in the process.
  explicit AnotherDaemon(const std::function<void()>& begin) {
    std::array<int, 2> begun{};
    EXPECT_EQ(pipe(lifeline_.data()), 0);
    EXPECT_EQ(pipe(begun.data()), 0);
    pid_ = fork();
    if (pid_ == 0) {
      close(lifeline_[1]);
      begin();
      fork();
      EXPECT_EQ(write(begun[1], "xx", 1), 1);
      char end = 0;
      while (read(lifeline_[0], &end, 1) < 0) {
      }
      _exit(0);
    }
    close(lifeline_[0]);
    char byte = 0;
    for (int process = 0; process < 2; ++process) EXPECT_EQ(read(begun[0], &byte, 1), 1);
    close(begun[0]);
    close(begun[1]);
  }
  ~AnotherDaemon() {
    Kill();
    close(lifeline_[1]);
  }
  AnotherDaemon(const AnotherDaemon&) = delete;
  AnotherDaemon& operator=(const AnotherDaemon&) = delete;

  pid_t pid() const { return pid_; }  // NOLINT(readability-identifier-naming)

  /// Not its child. Returns when it is dead.
  void Kill() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

 private:
  std::array<int, 2> lifeline_{};
  pid_t pid_ = 0;
};

}  // namespace migrationd::storage

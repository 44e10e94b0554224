#include "daemon/script/survivors.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/script/process_handle.h"
#include "tests/script/script_fixture.h"

namespace migrationd::script {
namespace {

// Says its pid and that of what it has started, then stays.
constexpr const char* kStubborn = R"(
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
def check():
    helper = subprocess.Popen(["sleep", "600"], env={})
    print(os.getppid(), os.getpid(), helper.pid, "all")
    time.sleep(600)
def migrate():
    return True
)";

/// A daemon that runs a script until it is killed: a process of its own, and no child of this one,
/// where it would be taken for a stray.
class EarlierDaemon {
 public:
  EarlierDaemon(const ScriptFixture& fixture, const std::string& lock_path) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) return;
    const pid_t parent = ::fork();
    if (parent == 0) {
      if (::fork() == 0) Live(fixture, lock_path, pipe[1]);
      ::_exit(0);
    }
    ::waitpid(parent, nullptr, 0);
    ::close(pipe[1]);
    std::string said;
    std::array<char, 256> buffer;
    while (said.find("all") == std::string::npos) {
      const ssize_t size = ::read(pipe[0], buffer.data(), buffer.size());
      if (size <= 0) break;
      said.append(buffer.data(), static_cast<std::size_t>(size));
    }
    ::close(pipe[0]);
    std::istringstream(said) >> pid_ >> worker >> script >> helper;
  }

  ~EarlierDaemon() {
    for (const pid_t pid : {pid_, worker, script, helper}) {
      if (pid > 1) ::kill(pid, SIGKILL);
    }
  }

  EarlierDaemon(const EarlierDaemon&) = delete;
  EarlierDaemon& operator=(const EarlierDaemon&) = delete;

  /// As the kernel does it when memory runs out.
  void Kill() {
    const UniqueFd pidfd = OpenPidfd(pid_);
    ::kill(std::exchange(pid_, 0), SIGKILL);
    AwaitEnd(pidfd.get());
  }

  pid_t worker = 0;
  pid_t script = 0;
  pid_t helper = 0;

 private:
  static void Live(const ScriptFixture& fixture, const std::string& lock_path, int pipe) {
    auto lock = ScriptsLock::Open(lock_path);
    if (!lock) return;
    asio::io_context io;
    Listener listener;
    Runner runner(io, fixture.options, &*lock);
    listener.on_output = [&] {
      const std::string said = std::to_string(::getpid()) + " " + listener.printed;
      [[maybe_unused]] const ssize_t written = ::write(pipe, said.data(), said.size());
    };
    runner.Start(fixture.MakeJob(kStubborn), listener);
    io.run();
  }

  pid_t pid_ = 0;
};

class ASurvivor : public ScriptFixture {
 public:
  ASurvivor() {
    // What the earlier daemon leaves must not become ours.
    ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
  }

  core::Result<std::vector<std::string>> EndSurvivors() {
    auto opened = ScriptsLock::Open(Path("scripts.lock"));
    if (!opened) return opened.error();
    lock = std::make_unique<ScriptsLock>(std::move(*opened));
    Restart();
    ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
    Survivors survivors(io, *lock, patience);
    std::optional<core::Result<std::vector<std::string>>> answer;
    survivors.EndSurvivors([&answer](auto result) { answer = std::move(result); });
    if (!WaitUntil([&answer] { return answer.has_value(); })) return core::Error{};
    return std::move(*answer);
  }

  std::chrono::milliseconds patience = std::chrono::seconds(60);

  static bool Names(const std::vector<std::string>& sentences, pid_t pid) {
    const std::string name = "(pid " + std::to_string(pid) + ")";
    return std::any_of(sentences.begin(), sentences.end(), [&name](const std::string& sentence) {
      return sentence.find(name) != std::string::npos;
    });
  }
};

TEST_F(ASurvivor, OfAKilledDaemonIsEndedAndNamed) {
  EarlierDaemon daemon(*this, Path("scripts.lock"));
  ASSERT_TRUE(IsAlive(daemon.script));
  daemon.Kill();
  const auto ended = EndSurvivors();
  ASSERT_TRUE(ended) << ended.error().message;
  EXPECT_TRUE(Names(*ended, daemon.script));
  EXPECT_FALSE(IsAlive(daemon.worker));
  EXPECT_FALSE(IsAlive(daemon.script));
  EXPECT_FALSE(IsAlive(daemon.helper));
}

TEST_F(ASurvivor, ThatLostDaemonWorkerAndParentIsFoundAllTheSame) {
  EarlierDaemon daemon(*this, Path("scripts.lock"));
  ASSERT_TRUE(IsAlive(daemon.helper));
  for (const pid_t pid : {daemon.worker, daemon.script}) {
    const UniqueFd pidfd = OpenPidfd(pid);
    ::kill(pid, SIGSTOP);  // Nobody tidies up behind him.
  }
  daemon.Kill();
  for (const pid_t pid : {daemon.worker, daemon.script}) {
    const UniqueFd pidfd = OpenPidfd(pid);
    ::kill(pid, SIGKILL);
    AwaitEnd(pidfd.get());
  }
  // It has neither the lock nor the variable, only the session.
  ASSERT_TRUE(IsAlive(daemon.helper));
  const auto ended = EndSurvivors();
  ASSERT_TRUE(ended) << ended.error().message;
  EXPECT_TRUE(Names(*ended, daemon.helper));
  EXPECT_FALSE(IsAlive(daemon.helper));
}

TEST_F(ASurvivor, OfADaemonOnAnotherStateIsNoneOfOurs) {
  EarlierDaemon daemon(*this, Path("another.lock"));
  const auto ended = EndSurvivors();
  ASSERT_TRUE(ended);
  EXPECT_TRUE(ended->empty());
  EXPECT_TRUE(IsAlive(daemon.script));
}

TEST_F(ASurvivor, IsNotWhatThisDaemonRuns) {
  Run(kTouch);
  Survivors survivors(io, *lock, std::chrono::seconds(60));
  std::optional<core::Result<std::vector<std::string>>> answer;
  survivors.EndSurvivors([&answer](auto result) { answer = std::move(result); });
  ASSERT_TRUE(WaitUntil([&answer] { return answer.has_value(); }));
  ASSERT_TRUE(*answer);
  EXPECT_TRUE((*answer)->empty());
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(Run(kTouch)));
}

TEST_F(ASurvivor, ThatCannotBeSeenIsToldByTheLock) {
  auto holder = ScriptsLock::Open(Path("scripts.lock"));
  ASSERT_TRUE(holder);
  ASSERT_TRUE(holder->TryTake());
  patience = std::chrono::milliseconds(50);
  const auto ended = EndSurvivors();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().reason, core::Reason::kSurvivors);
}

TEST_F(ASurvivor, ThatHopsFromProcessToProcessIsCaught) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const UniqueFd reading(pipe[0]);
  UniqueFd writing(pipe[1]);
  const pid_t first = ::fork();
  if (first == 0) {
    auto held = ScriptsLock::Open(Path("scripts.lock"));
    if (!held || !held->TryTake()) ::_exit(1);
    // It ends by itself, should nobody end it.
    for (int hops = 0; hops < 1000; ++hops) {
      if (::fork() != 0) ::_exit(0);
      ::setsid();
      if (hops == 0 && ::write(writing.get(), "!", 1) != 1) ::_exit(1);
      ::poll(nullptr, 0, 20);
    }
    ::_exit(0);
  }
  writing.Close();
  ::waitpid(first, nullptr, 0);
  char byte = 0;
  ASSERT_EQ(::read(reading.get(), &byte, 1), 1);
  const auto ended = EndSurvivors();
  ASSERT_TRUE(ended) << ended.error().message;
  EXPECT_FALSE(ended->empty());
  EXPECT_EQ(::read(reading.get(), &byte, 1), 0) << "nobody holds the other end any more";
}

TEST_F(ASurvivor, IsNotMadeUpFromADamagedLockFileOrOneOfAnEarlierBoot) {
  for (const char* content : {"another-boot 4242 0\n", "", "\n", "x", "x y z",
                              "x 99999999999999999999 0", "\xff\xfe 1 1"}) {
    WriteFile(Path("scripts.lock"), content);
    const auto opened = ScriptsLock::Open(Path("scripts.lock"));
    ASSERT_TRUE(opened);
    EXPECT_FALSE(opened->earlier_session());
  }
}

}  // namespace
}  // namespace migrationd::script

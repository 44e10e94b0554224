#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/script/script_fixture.h"

namespace migrationd::script {
namespace {

// What the scripts below share. A process says its pid in a line of its own on stdout, in one
// write, so that lines of many processes do not mix; "-" says that all are there.
constexpr const char* kPrelude = R"(
import os, signal, sys, time
def say(word):
    os.write(1, b"%s\n" % str(word).encode())
def ignore():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
def for_ever():
    while True:
        time.sleep(600)
def child(work):
    if os.fork() == 0:
        try:
            work()
        finally:
            os._exit(0)
def migrate():
    return True
)";

struct Hostile {
  const char* name;
  const char* check;  // Body of check().
  bool ends = false;  // It ends by itself, with True.
};

void PrintTo(const Hostile& script, std::ostream* out) { *out << script.name; }

constexpr Hostile kHostile[] = {
    {"NeverEnds", "say(os.getpid()); say('-'); for_ever()"},
    {"IgnoresTerm", "ignore(); say(os.getpid()); say('-'); for_ever()"},
    {"StopsItself", "say(os.getpid()); say('-'); os.kill(os.getpid(), signal.SIGSTOP)"},
    {"ForksTwiceAndLeavesItsSession", R"(
    def grandchild():
        os.setsid()
        ignore()
        say(os.getpid())
        say('-')
        for_ever()
    child(lambda: child(grandchild))
    for_ever())"},
    {"LeavesADaemonBehind", R"(
    read, write = os.pipe()
    def daemon():
        os.setsid()
        ignore()
        say(os.getpid())
        os.write(write, b'1')
        os.closerange(0, 100)
        for_ever()
    child(lambda: child(daemon))
    os.read(read, 1)
    return True)",
     true},
    {"LeavesAProgramWithoutEnvironmentBehind", R"(
    import subprocess
    say(subprocess.Popen(['sleep', '600'], env={}, start_new_session=True).pid)
    return True)",
     true},
    {"ForksAChain", R"(
    def link(left):
        os.setsid()
        ignore()
        say(os.getpid())
        if left:
            child(lambda: link(left - 1))
        else:
            say('-')
        for_ever()
    link_count = 8
    child(lambda: link(link_count))
    for_ever())"},
    {"ForksInALoopUpToALimit", R"(
    ignore()
    def bomb():
        ignore()
        say(os.getpid())
        for_ever()
    for _ in range(60):
        child(bomb)
    say('-')
    for_ever())"},
    {"HopsFromProcessToProcess", R"(
    def hop():
        while os.fork() == 0:
            os.setsid()
        os._exit(0)
    child(hop)
    say(os.getpid())
    say('-')
    for_ever())"},
};

/// The pids that were said.
std::vector<pid_t> PidsIn(const std::string& printed) {
  std::vector<pid_t> pids;
  std::istringstream lines(printed);
  for (std::string line; std::getline(lines, line);) {
    if (line != "-") pids.push_back(std::stoi(line));
  }
  return pids;
}

std::string SourceOf(const Hostile& script) {
  return std::string(kPrelude) + "def check():\n    " + script.check + "\n";
}

class HostileScript : public ScriptFixture {
 public:
  void StartAndAwaitTheWorst(const Hostile& script) {
    Start(MakeJob(SourceOf(script)));
    WaitUntil(
        [this] { return listener->end || listener->printed.find("-\n") != std::string::npos; });
  }

  /// What is alive of the script: what it said, and any child of this process but the worker.
  std::set<pid_t> Survivors() const {
    std::set<pid_t> survivors;
    for (const pid_t pid : PidsIn(listener->printed)) {
      if (IsAlive(pid)) survivors.insert(pid);
    }
    for (const pid_t pid : ChildrenOf(::getpid())) {
      const std::optional<ProcessInfo> process = ReadProcess(pid);
      if (process && process->name != "python3") survivors.insert(pid);
    }
    if (ChildrenOf(::getpid()).size() > 1) survivors.insert(0);
    return survivors;
  }
};

class AHostileScript : public HostileScript, public ::testing::WithParamInterface<Hostile> {};

TEST_P(AHostileScript, EndsWithAllItsProcessesWhenItIsStopped) {
  StartAndAwaitTheWorst(GetParam());
  runner->Stop();
  ASSERT_TRUE(WaitUntil([this] { return listener->end.has_value(); }));
  EXPECT_TRUE(Survivors().empty());
  EXPECT_EQ(Ended<core::ScriptStopped>(*listener), !GetParam().ends);
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
}

TEST_P(AHostileScript, EndsWithAllItsProcessesWhenItsTimeIsUp) {
  core::ScriptJob job = MakeJob(SourceOf(GetParam()));
  if (!GetParam().ends) job.timeout = std::chrono::seconds(1);
  Run(job);
  EXPECT_TRUE(Survivors().empty());
  EXPECT_EQ(Ended<core::ScriptTimedOut>(*listener), !GetParam().ends);
}

INSTANTIATE_TEST_SUITE_P(, AHostileScript, ::testing::ValuesIn(kHostile),
                         [](const auto& script) { return std::string(script.param.name); });

TEST_F(HostileScript, ThatLeftSomethingBehindHasANotice) {
  Run(SourceOf({"", "say(os.spawnlp(os.P_NOWAIT, 'sleep', 'sleep', '600')); return True"}));
  ASSERT_TRUE(Ended<core::ScriptWasApplied>(*listener));
  ASSERT_EQ(listener->end->notices.size(), 1U);
  EXPECT_NE(listener->end->notices[0].find("(pid " + std::to_string(PidsIn(listener->printed)[0])),
            std::string::npos)
      << listener->end->notices[0];
}

TEST_F(HostileScript, ThatCleansUpOnTermIsGivenTheTime) {
  options.kill_grace = std::chrono::seconds(60);
  Restart();
  Start(MakeJob(SourceOf({"", R"(
    def clean_up(*_):
        open('clean', 'w').close()
        sys.exit(1)
    signal.signal(signal.SIGTERM, clean_up)
    say('-')
    for_ever())"})));
  ASSERT_TRUE(WaitUntil([this] { return !listener->printed.empty(); }));
  runner->Stop();
  runner->Stop();
  ASSERT_TRUE(WaitUntil([this] { return listener->end.has_value(); }));
  EXPECT_TRUE(Ended<core::ScriptStopped>(*listener));
  EXPECT_EQ(listener->failure().phase, core::Phase::kCheck);
  EXPECT_TRUE(std::filesystem::exists(Path("clean")));
}

TEST_F(HostileScript, ThatEndsWellInSpiteOfTermHasEndedWell) {
  options.kill_grace = std::chrono::seconds(60);
  Restart();
  Start(MakeJob(SourceOf({"", R"(
    told = []
    signal.signal(signal.SIGTERM, lambda *_: told.append(1))
    say('-')
    while not told:
        signal.pause()
    return True)"})));
  ASSERT_TRUE(WaitUntil([this] { return !listener->printed.empty(); }));
  runner->Stop();
  ASSERT_TRUE(WaitUntil([this] { return listener->end.has_value(); }));
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(*listener));
}

TEST_F(HostileScript, ThatIsStoppedBeforeItHasAProcessIsStopped) {
  Start(MakeJob(kTouch));
  runner->Stop();
  ASSERT_TRUE(WaitUntil([this] { return listener->end.has_value(); }));
  EXPECT_TRUE(Ended<core::ScriptStopped>(*listener));
  EXPECT_EQ(listener->failure().phase, core::Phase::kStart);
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
}

TEST_F(HostileScript, ThatComesBackTwiceIsOneMigration) {
  Run(R"(
import os
def check():
    os.fork()
    return os.path.exists("effect")
def migrate():
    with open("effect", "a") as effect:
        effect.write("x")
    return True
)");
  EXPECT_TRUE(Ended<core::ScriptApplied>(*listener));
  EXPECT_EQ(ReadFile(Path("effect")), "x");
}

TEST_F(HostileScript, ThatKillsTheWorkerHurtsOnlyTheWorker) {
  const std::string killing = R"(
    parent = os.getppid()
    os.kill(parent, signal.SIGKILL)
    while os.getppid() == parent:
        pass
    )";
  Run(SourceOf({"", (killing + "return True").c_str()}));
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(*listener));
  Run(SourceOf({"", (killing + "os._exit(3)").c_str()}));
  EXPECT_EQ(listener->failure().exit_code, 3);
  runner->Prepare(MakeJob(kTouch));
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(Run(kTouch)));
  EXPECT_TRUE(Survivors().empty());
}

TEST_F(HostileScript, ThatStopsTheWorkerIsOutlivedByTheDaemonsPatience) {
  options.start_timeout = std::chrono::seconds(5);
  Restart();
  // Which of the worker's answers is missed first depends on how far it was.
  Run(SourceOf({"", "os.kill(os.getppid(), signal.SIGSTOP); os._exit(3)"}));
  EXPECT_TRUE(Ended<core::ScriptFailed>(*listener));
  EXPECT_EQ(listener->failure().exit_code, 3);
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
}

TEST_F(HostileScript, ThatForgesWhatTheWorkerSaysIsNotBelieved) {
  Run(SourceOf({"", "os.write(3, b'\\xff' * 100000); return True"}));
  EXPECT_TRUE(Ended<core::ScriptFailed>(*listener));
  Run(SourceOf({"", "os.write(3, b'\\x01\\0\\0\\0Z\\x05\\0\\0\\0F\\xff\\0\\0\\0'); os._exit(0)"}));
  EXPECT_TRUE(Ended<core::ScriptFailed>(*listener));
  Run(SourceOf({"", "os.ftruncate(4, 0)"}));
  EXPECT_TRUE(Ended<core::ScriptFailed>(*listener));
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
}

/// TELEC_CANCELS: how many; the long run takes 1000.
TEST_F(HostileScript, ThatIsCancelledAgainAndAgainLeavesNobody) {
  options.kill_grace = std::chrono::milliseconds(20);
  Restart();
  const char* wanted = std::getenv("TELEC_CANCELS");
  const int cancels = wanted != nullptr ? std::atoi(wanted) : 40;
  std::size_t survivors = 0;
  for (int i = 0; i < cancels; ++i) {
    StartAndAwaitTheWorst(kHostile[static_cast<std::size_t>(i) % std::size(kHostile)]);
    runner->Stop();
    if (!WaitUntil([this] { return listener->end.has_value(); })) break;
    survivors += Survivors().size();
  }
  std::printf("%d cancels: %zu survivors\n", cancels, survivors);
  EXPECT_EQ(survivors, 0U);
}

}  // namespace
}  // namespace migrationd::script

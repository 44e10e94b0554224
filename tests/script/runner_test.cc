#include "daemon/script/runner.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "tests/script/script_fixture.h"

namespace migrationd::script {
namespace {

using core::Phase;

using ARunner = ScriptFixture;

/// What a script prints while it says that it is applied.
std::string Printing(const std::string& statements) {
  return "import os, sys\n" + statements +
         "\ndef check(): return True\ndef migrate(): return True\n";
}

TEST_F(ARunner, AppliesAMigrationAndVerifiesIt) {
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
  EXPECT_TRUE(std::filesystem::exists(Path("effect")));
}

TEST_F(ARunner, DoesNotMigrateWhatIsAlreadyThere) {
  Run(kTouch);
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(Run(kTouch)));
}

TEST_F(ARunner, AsksCheckAloneAndChangesNothing) {
  core::ScriptJob job = MakeJob(kTouch);
  job.purpose = core::ScriptJob::Purpose::kCheck;
  EXPECT_TRUE(Ended<core::ScriptPending>(Run(job)));
  EXPECT_FALSE(std::filesystem::exists(Path("effect")));
  Run(kTouch);
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(Run(job)));
}

TEST_F(ARunner, RunsWhatWasPreparedAsIfItHadNotBeen) {
  const core::ScriptJob job = MakeJob(kTouch);
  runner->Prepare(job);
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(job)));
}

TEST_F(ARunner, ExecutesNothingOfWhatItPrepares) {
  const core::ScriptJob dangerous = MakeJob("import json\nopen('trace', 'w').close()\n");
  runner->Prepare(dangerous);
  Run(kTouch);  // In the spare that had the dangerous one, or in another.
  runner->Prepare(dangerous);
  Run(kTouch);
  EXPECT_FALSE(std::filesystem::exists(Path("trace")));
}

TEST_F(ARunner, IgnoresAPreparationOfSomethingElse) {
  runner->Prepare(MakeJob(Printing("print('another')")));
  Run(MakeJob(Printing("print('first')")));
  runner->Prepare(MakeJob(Printing("print('another')")));
  EXPECT_EQ(Run(MakeJob(Printing("print('wanted')"))).printed, "wanted\n");
}

TEST_F(ARunner, TellsASyntaxErrorOfAPreparedScriptWhenItIsRun) {
  const core::ScriptJob job = MakeJob("def check(:\n");
  runner->Prepare(job);
  const Listener& heard = Run(job);
  EXPECT_EQ(heard.failure().phase, Phase::kLoad);
  EXPECT_EQ(heard.failure().exception_type, "SyntaxError");
}

TEST_F(ARunner, StartsTheNextFromTheEndOfTheLast) {
  Listener second;
  listener = std::make_unique<Listener>();
  listener->on_end = [&] {
    runner->Start(MakeJob(kTouch), second);
    runner->Proceed();
  };
  runner->Start(MakeJob(kTouch), *listener);
  runner->Proceed();
  ASSERT_TRUE(WaitUntil([&] { return second.end.has_value(); }));
  EXPECT_TRUE(Ended<core::ScriptApplied>(*listener));
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(second));
}

TEST_F(ARunner, AsksCheckAndChangesNothingUntilItIsLetGoOn) {
  listener = std::make_unique<Listener>();
  runner->Start(MakeJob(R"(
import os
def check():
    print("asked", flush=True)
    return os.path.exists("effect")
def migrate():
    open("effect", "w").close()
    return True
)"),
                *listener);
  ASSERT_TRUE(WaitUntil([&] { return !listener->printed.empty(); }));
  // As long as others take to be forked and to answer.
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Inspect({kTouch}));
  EXPECT_FALSE(std::filesystem::exists(Path("effect")));
  EXPECT_FALSE(listener->end);
  runner->Proceed();
  ASSERT_TRUE(WaitUntil([&] { return listener->end.has_value(); }));
  EXPECT_TRUE(Ended<core::ScriptApplied>(*listener));
  EXPECT_EQ(listener->printed, "asked\nasked\n");
}

TEST_F(ARunner, StopsAScriptThatWaitsToBeLetGoOn) {
  listener = std::make_unique<Listener>();
  runner->Start(MakeJob(kTouch), *listener);
  runner->Stop();
  ASSERT_TRUE(WaitUntil([&] { return listener->end.has_value(); }));
  EXPECT_TRUE(Ended<core::ScriptStopped>(*listener));
  EXPECT_FALSE(std::filesystem::exists(Path("effect")));
}

TEST_F(ARunner, TellsWhatGoesWrongBeforeAScriptIsLetGoOn) {
  listener = std::make_unique<Listener>();
  runner->Start(MakeJob("import os\nos._exit(3)\n"), *listener);
  ASSERT_TRUE(WaitUntil([&] { return listener->end.has_value(); }));
  EXPECT_EQ(listener->failure().phase, Phase::kLoad);
  EXPECT_EQ(listener->failure().exit_code, 3);
}

TEST_F(ARunner, GivesEachScriptAProcessOfItsOwn) {
  const std::string script = Printing("print(os.getpid(), os.getsid(0), os.getpgid(0))");
  const std::string first = Run(script).printed;
  const std::string second = Run(script).printed;
  EXPECT_NE(first, second);
  const std::string pid = first.substr(0, first.find(' '));
  EXPECT_EQ(first, pid + " " + pid + " " + pid + "\n");
}

TEST_F(ARunner, LoadsAFreshModuleToVerify) {
  const Listener& heard = Run(R"(
done = []
def check():
    return bool(done)
def migrate():
    done.append(1)
    return True
)");
  EXPECT_EQ(heard.failure().phase, Phase::kVerify);
  EXPECT_NE(heard.failure().message.find("not effective"), std::string::npos);
}

TEST_F(ARunner, TellsTheScriptWhoItIs) {
  EXPECT_EQ(Run(Printing("for name in ('MIGRATION_ID', 'RUN_ID', 'FROM_VERSION', 'TO_VERSION'):\n"
                         "    print(os.environ['TELEC_' + name])\n"
                         "print(__file__, sys.argv)"))
                .printed,
            "1.1.0/001_script.py\n7-0badcafe\n1.0\n1.1.0\n"
            "/catalogue/v1.1.0/001_script.py ['/catalogue/v1.1.0/001_script.py']\n");
}

TEST_F(ARunner, GivesTheScriptNothingButItsOwnDescriptors) {
  // 3: what it tells the daemon; 4: its phase; 5: the lock; and the listing's own.
  EXPECT_EQ(Run(Printing("print(sorted(map(int, os.listdir('/proc/self/fd'))))\n"
                         "print(os.readlink('/proc/self/fd/0'))"))
                .printed,
            "[0, 1, 2, 3, 4, 5, 6]\n/dev/null\n");
}

TEST_F(ARunner, GivesWhatTheScriptExecutesNoDescriptorButTheLock) {
  EXPECT_EQ(Run(Printing("os.system('ls /proc/self/fd | tr \"\\n\" \" \"')")).printed,
            "0 1 2 3 5 ");
}

TEST_F(ARunner, PassesNoVariableThatIsNotListed) {
  ::setenv("SECRET_OF_THE_DAEMON", "1", 1);
  ::setenv("WANTED_BY_SCRIPTS", "2", 1);
  options.pass_environment = {"WANTED_BY_SCRIPTS"};
  options.environment = {{"COLOUR", "red"}, {"HOME", "/somewhere"}};
  Restart();
  EXPECT_EQ(Run(Printing("print(os.environ.get('SECRET_OF_THE_DAEMON'), "
                         "os.environ.get('WANTED_BY_SCRIPTS'), os.environ['COLOUR'],"
                         "os.environ['HOME'], 'PATH' in os.environ)"))
                .printed,
            "None 2 red /somewhere True\n");
}

TEST_F(ARunner, HasTheConfiguredDirectoryPathAndMask) {
  std::filesystem::create_directory(Path("library"));
  WriteFile(Path("library/ours.py"), "WORD = 'found'\n");
  options.sys_path = {Path("library")};
  Restart();
  EXPECT_EQ(Run(Printing("import ours; print(ours.WORD)\n"
                         "print(os.getcwd() == os.path.dirname(os.path.dirname(ours.__file__)))\n"
                         "print(oct(os.umask(0)))"))
                .printed,
            "found\nTrue\n0o22\n");
  EXPECT_FALSE(std::filesystem::exists(Path("library/__pycache__")));
}

TEST_F(ARunner, HasDefaultSignalsAndAnEmptyMask) {
  EXPECT_EQ(Run(Printing("import signal\n"
                         "print(signal.pthread_sigmask(signal.SIG_BLOCK, []))\n"
                         "print(signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,"
                         " signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL)"))
                .printed,
            "set()\nTrue True\n");
}

TEST_F(ARunner, CollectsGarbageInScripts) {
  EXPECT_EQ(Run(Printing("import gc; print(gc.isenabled())")).printed, "True\n");
}

TEST_F(ARunner, TellsProgressAndAlwaysTheLast) {
  const Listener& heard = Run(R"(
import telec_migration
def check():
    telec_migration.progress(0, 1000)
    for done in range(1000):
        telec_migration.progress(done + 1, 1000, "rows\nof notes")
    return True
def migrate():
    return True
)");
  ASSERT_GE(heard.progress.size(), 2U);
  EXPECT_EQ(heard.progress.front().done, 0);
  EXPECT_EQ(heard.progress.front().message, "");
  EXPECT_EQ(heard.progress.back().done, 1000);
  EXPECT_EQ(heard.progress.back().total, 1000);
  EXPECT_EQ(heard.progress.back().message, "rows of notes");
}

TEST_F(ARunner, WaitsForThreadsAndExitHandlersAsPythonDoes) {
  EXPECT_EQ(Run(Printing("import atexit, threading\n"
                         "atexit.register(print, 'at exit')\n"
                         "go = threading.Event()\n"
                         "def work():\n"
                         "    go.wait()\n"
                         "    print('thread')\n"
                         "threading.Thread(target=work).start()\n"
                         "threading.Timer(0, go.set).start()"))
                .printed,
            "thread\nat exit\n");
}

TEST_F(ARunner, LetsTheWorkerGoWhenItHasRestedAndStartsAnotherOne) {
  options.idle = std::chrono::milliseconds(1);
  Restart();
  Run(kTouch);
  ASSERT_FALSE(ChildrenOf(::getpid()).empty());
  runner->Rest();
  EXPECT_TRUE(WaitUntil([] { return ChildrenOf(::getpid()).empty(); }));
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(Run(kTouch)));
}

TEST_F(ARunner, WarmedUpHasItsWorkerBeforeAScriptComes) {
  runner->Warm();
  const std::vector<pid_t> begun = ChildrenOf(getpid());
  ASSERT_EQ(begun.size(), 1U);
  runner->Warm();
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
  EXPECT_EQ(ChildrenOf(getpid()), begun) << "the worker that ran it is the one that was there";
}

TEST_F(ARunner, WarmedUpForNothingLetsTheWorkerGo) {
  options.idle = std::chrono::milliseconds(1);
  Restart();
  runner->Warm();
  EXPECT_TRUE(WaitUntil([] { return ChildrenOf(getpid()).empty(); }));
}

TEST_F(ARunner, WarmedUpWithAnInterpreterThatIsMissingTellsItToWhoNeedsIt) {
  options.python = "/nowhere/python3";
  Restart();
  runner->Warm();
  EXPECT_FALSE(Inspect({kTouch}));
}

TEST_F(ARunner, LeavesNoProcessWhenItIsDestroyed) {
  Start(MakeJob(
      "import os, time\nprint(os.getpid())\nif os.fork() == 0: os.setsid()\ntime.sleep(600)"));
  ASSERT_TRUE(WaitUntil([this] { return !listener->printed.empty(); }));
  runner.reset();
  EXPECT_TRUE(ChildrenOf(::getpid()).empty());
  EXPECT_FALSE(IsAlive(std::stoi(listener->printed)));
  EXPECT_FALSE(listener->end);
}

}  // namespace
}  // namespace migrationd::script

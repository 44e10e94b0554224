#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/site.h"

namespace migrationd::e2e {
namespace {

using support::Daemon;
using support::Execute;
using support::Exit;
using support::Finished;
using support::Gate;
using support::Process;
using support::ReadFile;
using support::Site;
using support::WriteFile;
using ::testing::HasSubstr;

constexpr const char* kGood =
    "def check():\n    return False\n\n\ndef migrate():\n    return True\n";

/// A name for the list of tests, what is done, and what has to be told.
struct Disaster {
  const char* name;
  std::string script;
  std::string told;
};

std::string NameOf(const ::testing::TestParamInfo<Disaster>& info) { return info.param.name; }

// ---- Scripts ----

class BadScript : public ::testing::TestWithParam<Disaster> {};

TEST_P(BadScript, FailsWithItsReasonAndWhatWasAppliedBeforeStays) {
  Site site;
  site.Configure("scripts", "timeout_seconds = 1");
  site.Add("v1.1/001_good.py");
  site.AddText("v1.1/002_bad.py", GetParam().script);
  const Finished telec = Execute(site.Local({}));
  EXPECT_EQ(telec.exit, Exit{1}) << telec.err;
  EXPECT_THAT(telec.out, HasSubstr(GetParam().told));
  EXPECT_THAT(telec.out, HasSubstr("What was applied before is recorded: 1 applied."));
  EXPECT_THAT(Execute(site.Local({"status"})).out, HasSubstr("1 recorded, 1 pending"));
}

std::string Migrating(const std::string& body) {
  return "import os, sys, signal, ctypes\n\n\ndef check():\n    return False\n\n\ndef migrate():\n "
         "   " +
         body + "\n";
}

INSTANTIATE_TEST_SUITE_P(
    OfEachKind, BadScript,
    ::testing::Values(
        Disaster{"ReturnsNone", Migrating("pass"),
                 "migrate() returned None; it must return True or False"},
        Disaster{"ReturnsOne", Migrating("return 1"), "it must return True or False"},
        Disaster{"ReturnsFalse", Migrating("return False"), "migrate() returned False"},
        Disaster{"Raises", Migrating("raise KeyError('colour')"),
                 "migrate() raised KeyError: 'colour'"},
        Disaster{"CallsSysExit", Migrating("sys.exit(0)"), "SystemExit"},
        Disaster{"EndsItsProcess", Migrating("os._exit(0)"), "in migrate(); a script must return"},
        Disaster{"KillsItself", Migrating("os.kill(os.getpid(), signal.SIGKILL)"),
                 "signal 9 (SIGKILL)"},
        Disaster{"Segfaults", Migrating("ctypes.string_at(0)"), "signal 11 (SIGSEGV)"},
        Disaster{"NeverEnds", Migrating("signal.pause()"), "timed out"},
        Disaster{"IsNotEffective", kGood, "not effective"},
        Disaster{"RaisesAtModuleLevel",
                 "raise ImportError('no such module')\n" + std::string(kGood),
                 "ImportError: no such module"},
        Disaster{"HasACheckThatRaises",
                 "def check():\n    raise OSError('gone')\n\n\ndef migrate():\n    return True\n",
                 "check() raised OSError: gone"}),
    NameOf);

// ---- Catalogues ----

class BadCatalogue : public ::testing::TestWithParam<Disaster> {};

TEST_P(BadCatalogue, IsRefusedBeforeAnythingRuns) {
  Site site;
  site.Add("v1.1/001_good.py");
  site.AddText(GetParam().name[0] == 'T' ? "v1.1.0/002_x.py" : "v1.1/002_x.py", GetParam().script);
  if (GetParam().name == std::string("DuplicateNumbers")) site.AddText("v1.1/001_again.py", kGood);
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{"--dry-run"}, std::vector<std::string>{}}) {
    const Finished telec = Execute(site.Local(how));
    EXPECT_EQ(telec.exit, Exit{6}) << telec.out;
    EXPECT_THAT(telec.err, HasSubstr(GetParam().told));
  }
  EXPECT_FALSE(site.Has("good"));
  EXPECT_EQ(Execute(site.Local({"status"})).exit, Exit{0});
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, BadCatalogue,
                         ::testing::Values(Disaster{"DuplicateNumbers", kGood, "001_again.py"},
                                           Disaster{"TwoFoldersOfOneVersion", kGood, "v1.1.0"},
                                           Disaster{"DoesNotParse", "def check(:\n", "002_x.py"},
                                           Disaster{"LacksAFunction",
                                                    "def check():\n    return True\n", "migrate"}),
                         NameOf);

TEST(Catalogue, ThatIsMissingIsNamed) {
  Site site;
  std::filesystem::remove_all(site.catalogue());
  const Finished telec = Execute(site.Local({}));
  EXPECT_EQ(telec.exit, Exit{6});
  EXPECT_THAT(telec.err, HasSubstr(site.catalogue()));
  EXPECT_EQ(Execute(site.Local({"status"})).exit, Exit{0});
}

TEST(Catalogue, ThatIsAFileIsNone) {
  Site site;
  std::filesystem::remove_all(site.catalogue());
  WriteFile(site.catalogue(), "");
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{6});
}

TEST(Catalogue, ThatIsEmptyHasNothingToDo) {
  Site site;
  const Finished telec = Execute(site.Local({}));
  EXPECT_EQ(telec.exit, Exit{0});
  EXPECT_THAT(telec.out, HasSubstr("Nothing to do."));
}

TEST(Catalogue, NamesThatNearlyMatchAreWarnedOf) {
  Site site;
  site.Add("v1.1/001_a.py");
  site.AddText("v1.1/1_short.py", kGood);
  const Finished telec = Execute(site.Local({}));
  EXPECT_EQ(telec.exit, Exit{0});
  EXPECT_THAT(telec.err, HasSubstr("1_short.py"));
}

// ---- States ----

class BadState : public ::testing::TestWithParam<Disaster> {};

TEST_P(BadState, IsNeverTakenAsEmpty) {
  Site site;
  site.Add("v1.1/001_a.py", {.before = "open('journal', 'a').write('ran ')"});
  WriteFile(site.state(), GetParam().script);
  const Finished telec = Execute(site.Local({}));
  EXPECT_EQ(telec.exit, Exit{6}) << telec.out;
  EXPECT_THAT(telec.err, HasSubstr(site.state()));
  EXPECT_FALSE(site.Has("journal"));
  EXPECT_THAT(Execute(site.Local({"status"})).out, HasSubstr("No run can be started."));
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, BadState,
                         ::testing::Values(Disaster{"Empty", "", ""},
                                           Disaster{"AList", "[1, 2]\n", ""},
                                           Disaster{"ANewerFormat", "{\"format\": 999}\n", ""},
                                           Disaster{"Noise", "\x01\xff\xfe nonsense", ""}),
                         NameOf);

TEST(State, AFlippedByteOrATornFileCostsNothing) {
  Site site;
  site.Add("v1.1/001_a.py", {.before = "open('journal', 'a').write('ran ')"});
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{0});
  site.Add("v1.2/001_b.py");
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{0});
  const std::string whole = ReadFile(site.state());
  std::string flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 1);
  for (const std::string& damaged : {flipped, whole.substr(0, whole.size() / 2)}) {
    WriteFile(site.state(), damaged);
    const Finished telec = Execute(site.Local({}));
    EXPECT_EQ(telec.exit, Exit{0}) << telec.err;
    EXPECT_THAT(telec.out, HasSubstr("Nothing to do."));
  }
  EXPECT_EQ(ReadFile(site / "journal"), "ran ");
}

TEST(State, TheOriginalsFormIsRead) {
  Site site;
  site.Add("v1.1.0/001_a.py", {.before = "open('journal', 'a').write('ran ')"});
  site.Add("v1.2.0/001_b.py");
  WriteFile(site.state(), "{\"applied\": [\"1.1.0/001_a.py\"]}\n");
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{0});
  EXPECT_FALSE(site.Has("journal"));
  EXPECT_TRUE(site.Has("b"));
}

TEST(State, WithoutAPlaceToBeWrittenNothingRuns) {
  Site site;
  site.Add("v1.1/001_a.py");
  // A file where the folder should be: unwritable for root too.
  WriteFile(site / "state", "");
  const Finished telec = Execute(site.Local({}));
  EXPECT_EQ(telec.exit, Exit{6}) << telec.out;
  EXPECT_FALSE(site.Has("a"));
}

TEST(State, HasOneOwner) {
  Site site;
  const Daemon daemon(site);
  const Finished telec = Execute(site.Local({"status"}));
  EXPECT_EQ(telec.exit, Exit{6});
  EXPECT_THAT(telec.err, HasSubstr(site.state()));
}

// ---- Daemons, interpreters and clients ----

TEST(Interpreter, ThatIsMissingIsNamed) {
  Site site;
  site.Configure("scripts", "python = '/nonexistent/python3'");
  site.Add("v1.1/001_a.py");
  const Finished telec = Execute(site.Local({}));
  EXPECT_EQ(telec.exit, Exit{6}) << telec.out;
  EXPECT_THAT(telec.err, HasSubstr("/nonexistent/python3"));
}

TEST(Socket, ThatIsInUseIsNotTakenOver) {
  Site site;
  const Daemon daemon(site);
  const Finished second = Execute(site.Migrationd({"--state", site / "other/state.json"}));
  EXPECT_NE(second.exit, Exit{0});
  EXPECT_THAT(second.err, HasSubstr(site.socket()));
  EXPECT_EQ(Execute(site.Telec({"status"})).exit, Exit{0});
}

TEST(Socket, WithAPathThatIsTooLongIsRefused) {
  Site site;
  const Finished daemon = Execute(site.Migrationd({"--socket", site / std::string(200, 'x')}));
  EXPECT_NE(daemon.exit, Exit{0});
  EXPECT_THAT(daemon.err, HasSubstr("107"));
}

TEST(Client, ThatIsKilledChangesNothing) {
  Site site;
  Gate gate(site, "gate");
  site.Add("v1.1/001_a.py", {.before = gate.Statement()});
  site.Add("v1.1/002_b.py");
  Daemon daemon(site);
  {
    Process telec(site.Telec({}));
    gate.AwaitArrival();
    telec.Signal(SIGKILL);
    EXPECT_EQ(telec.Wait(), (Exit{-1, SIGKILL}));
  }
  Process watch(site.Telec({"watch"}));
  EXPECT_TRUE(watch.Prints("Run 1-"));
  gate.Open();
  EXPECT_EQ(watch.Wait(), Exit{0});
  EXPECT_TRUE(site.Has("a") && site.Has("b"));
}

TEST(DaemonLife, AClientSurvivesItsDaemonsRestart) {
  Site site;
  Gate gate(site, "gate");
  site.Add("v1.1/001_a.py");
  site.Add("v1.1/002_b.py",
           {.before = "if not os.path.exists('again'):\n    open('again', 'w').close()\n    " +
                      gate.Statement()});
  auto daemon = std::make_unique<Daemon>(site);
  Process telec(site.Telec({}));
  gate.AwaitArrival();
  daemon->Kill();
  EXPECT_TRUE(telec.Says("Lost contact"));
  daemon = std::make_unique<Daemon>(site);
  // The run broke off with the daemon; what was applied is recorded, and the next run goes on.
  EXPECT_EQ(telec.Wait(), Exit{5});
  EXPECT_THAT(telec.Output(), HasSubstr("The run was interrupted"));
  EXPECT_EQ(Execute(site.Telec({})).exit, Exit{0});
  EXPECT_TRUE(site.Has("b"));
}

}  // namespace
}  // namespace migrationd::e2e

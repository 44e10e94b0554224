#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "tests/script/script_fixture.h"

namespace migrationd::script {
namespace {

using core::Failure;
using core::Phase;

struct BadScript {
  const char* name;
  std::string source;
  Phase phase;
  std::string message;  // Is in the failure's message.
  std::string type = {};
  std::optional<int> exit_code = {};
  std::optional<int> signal = {};
};

void PrintTo(const BadScript& script, std::ostream* out) { *out << script.name; }

std::string WithMigrate(const std::string& body) {
  return "import os, sys, signal, ctypes\n"
         "def check():\n    return False\n"
         "def migrate():\n    " +
         body + "\n";
}

std::string WithCheck(const std::string& body) {
  return "import os, sys\n"
         "def migrate():\n    return True\n"
         "def check():\n    " +
         body + "\n";
}

// Each with the phase and the words that a person needs.
const std::vector<BadScript>& BadScripts() {
  static const std::vector<BadScript> kScripts = {
      {"DoesNotParse", "def check():\nreturn True", Phase::kLoad, "IndentationError",
       "IndentationError"},
      {"IsEmpty", "", Phase::kLoad, "no function check()"},
      {"LacksCheck", "def migrate(): return True", Phase::kLoad, "no function check()"},
      {"LacksMigrate", "def check(): return True", Phase::kLoad, "no function migrate()"},
      {"HasACheckThatIsNoFunction", "check = 1\ndef migrate(): return True", Phase::kLoad,
       "no function check()"},
      {"RaisesWhenLoaded", "import no_such_module", Phase::kLoad,
       "the script raised ModuleNotFoundError: No module named 'no_such_module'",
       "ModuleNotFoundError"},
      {"ExitsWhenLoaded", "import sys\nsys.exit(0)", Phase::kLoad, "raised SystemExit: 0",
       "SystemExit"},
      {"ReturnsNoneFromCheck", WithCheck("pass"), Phase::kCheck,
       "check() returned None; it must return True or False"},
      {"ReturnsOneFromCheck", WithCheck("return 1"), Phase::kCheck,
       "check() returned a value of type int"},
      {"ReturnsNoneFromMigrate", WithMigrate("pass"), Phase::kMigrate, "migrate() returned None"},
      {"ReturnsATruthyListFromMigrate", WithMigrate("return [True]"), Phase::kMigrate,
       "migrate() returned a value of type list"},
      {"ReturnsFalseFromMigrate", WithMigrate("return False"), Phase::kMigrate,
       "migrate() returned False"},
      {"IsNotEffective", WithMigrate("return True"), Phase::kVerify, "not effective"},
      {"IsAsynchronous", "async def check(): return True\ndef migrate(): return True",
       Phase::kCheck, "returned a value of type coroutine"},
      {"TakesAnArgument", "def check(what): return True\ndef migrate(): return True", Phase::kCheck,
       "TypeError", "TypeError"},
      {"RaisesFromMigrate", WithMigrate("raise KeyError('colour')"), Phase::kMigrate,
       "migrate() raised KeyError: 'colour'", "KeyError"},
      {"RaisesALibrarysException", WithMigrate("import json; json.loads('{')"), Phase::kMigrate,
       "json.decoder.JSONDecodeError", "json.decoder.JSONDecodeError"},
      {"RaisesAnExceptionThatCannotBeShown",
       "class Bad(Exception):\n    def __str__(self): raise self\n" + WithMigrate("raise Bad()"),
       Phase::kMigrate, "migrate() raised Bad", "Bad"},
      {"CallsSysExit", WithMigrate("sys.exit(0)"), Phase::kMigrate,
       "migrate() raised SystemExit: 0", "SystemExit"},
      {"RaisesKeyboardInterrupt", WithMigrate("raise KeyboardInterrupt"), Phase::kMigrate,
       "KeyboardInterrupt", "KeyboardInterrupt"},
      {"RecursesForEver", "def check(): return check()\ndef migrate(): return True", Phase::kCheck,
       "RecursionError", "RecursionError"},
      {"EndsItsProcessWithZero", WithMigrate("os._exit(0)"), Phase::kMigrate,
       "ended with exit code 0 in migrate()", "", 0},
      {"EndsItsProcessInCheck", WithCheck("os._exit(3)"), Phase::kCheck,
       "ended with exit code 3 in check()", "", 3},
      {"EndsItsProcessWhenLoaded", "import os\nos._exit(1)", Phase::kLoad,
       "ended with exit code 1 while the script was loaded", "", 1},
      {"KillsItself", WithMigrate("os.kill(os.getpid(), signal.SIGKILL)"), Phase::kMigrate,
       "killed by SIGKILL", "", std::nullopt, SIGKILL},
      {"TerminatesItsGroup", WithMigrate("os.killpg(0, signal.SIGTERM)"), Phase::kMigrate,
       "killed by SIGTERM", "", std::nullopt, SIGTERM},
      {"Segfaults", WithMigrate("ctypes.string_at(0)"), Phase::kMigrate, "killed by SIGSEGV", "",
       std::nullopt, SIGSEGV},
      {"Aborts", WithMigrate("os.abort()"), Phase::kMigrate, "killed by SIGABRT", "", std::nullopt,
       SIGABRT},
      {"ClosesAllDescriptors", WithMigrate("os.closerange(0, 100); return True"), Phase::kMigrate,
       "close its descriptors", "", 70},
      {"ReplacesStdout", WithMigrate("sys.stdout = None; sys.stderr = 3; return False"),
       Phase::kMigrate, "migrate() returned False"},
      {"ExecutesAnotherProgram", WithMigrate("os.execv('/bin/true', ['true'])"), Phase::kMigrate,
       "ended with exit code 0", "", 0},
      {"ExhaustsDescriptors", WithMigrate("kept = [os.dup(0) for _ in range(10**6)]"),
       Phase::kMigrate, "OSError", "OSError"},
  };
  return kScripts;
}

class ABadScript : public ScriptFixture, public ::testing::WithParamInterface<BadScript> {};

TEST_P(ABadScript, FailsWithItsPhaseAndReasonAndDoesNotHurtTheNext) {
  const BadScript& script = GetParam();
  const Listener& heard = Run(script.source);
  ASSERT_TRUE(Ended<core::ScriptFailed>(heard));
  const Failure failure = heard.failure();
  EXPECT_EQ(failure.phase, script.phase) << failure.message;
  EXPECT_NE(failure.message.find(script.message), std::string::npos) << failure.message;
  EXPECT_EQ(failure.exception_type, script.type);
  EXPECT_EQ(failure.exit_code, script.exit_code);
  EXPECT_EQ(failure.signal, script.signal);
  EXPECT_EQ(failure.message.find('\n'), std::string::npos);
  EXPECT_EQ(failure.traceback.find("<migrationd>"), std::string::npos) << failure.traceback;

  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
}

INSTANTIATE_TEST_SUITE_P(, ABadScript, ::testing::ValuesIn(BadScripts()),
                         [](const auto& script) { return std::string(script.param.name); });

using AFailure = ScriptFixture;

TEST_F(AFailure, CarriesATracebackOfTheScriptsOwnLines) {
  // The file of that name does not exist, or is another one by now.
  EXPECT_EQ(Run("def check():\n    return False\ndef migrate():\n    raise ValueError('no')\n")
                .failure()
                .traceback,
            "Traceback (most recent call last):\n"
            "  File \"/catalogue/v1.1.0/001_script.py\", line 4, in migrate\n"
            "    raise ValueError('no')\n"
            "ValueError: no\n");
}

TEST_F(AFailure, CarriesABoundedTraceback) {
  const Failure failure = Run(WithMigrate("raise ValueError('x' * 10**6)")).failure();
  EXPECT_LT(failure.message.size(), 2000U);
  EXPECT_GT(failure.traceback.size(), 1000U);
  EXPECT_LT(failure.traceback.size(), 20000U);
}

TEST_F(AFailure, CarriesTheLastOutput) {
  const Failure failure =
      Run(WithMigrate(
              "print('row', 41); print('row', 42); print('bad', file=sys.stderr); os._exit(1)"))
          .failure();
  EXPECT_NE(failure.last_output.find("row 42\n"), std::string::npos);
  EXPECT_NE(failure.last_output.find("bad\n"), std::string::npos);
}

TEST_F(AFailure, ShowsWhereASegfaultHappened) {
  const Failure failure = Run(WithMigrate("ctypes.string_at(0)")).failure();
  EXPECT_NE(failure.last_output.find("line 5 in migrate"), std::string::npos)
      << failure.last_output;
}

}  // namespace
}  // namespace migrationd::script

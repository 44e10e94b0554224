#include "daemon/script/inspection.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/script/script_fixture.h"

namespace migrationd::script {
namespace {

using core::ScriptFacts;

class AnInspection : public ScriptFixture {
 public:
  ScriptFacts Facts(const std::string& source) {
    auto facts = Inspect({source});
    if (!facts || facts->size() != 1) {
      ADD_FAILURE() << "no facts";
      return {};
    }
    return (*facts)[0];
  }

  std::string Problem(const std::string& source) { return Facts(source).problem; }
};

const std::string kFunctions = "def check(): return True\ndef migrate(): return True\n";

TEST_F(AnInspection, FindsDescriptionAndTimeout) {
  const ScriptFacts facts =
      Facts("\"\"\"  Rename  'colour'.\n\nMore.\"\"\"\nTIMEOUT = 30\n" + kFunctions);
  EXPECT_EQ(facts.description, "Rename 'colour'.");
  EXPECT_EQ(facts.timeout, std::chrono::seconds(30));
  EXPECT_EQ(facts.problem, "");
}

TEST_F(AnInspection, MissesNeitherWhereTheyAreNot) {
  const ScriptFacts facts = Facts("# nothing\n" + kFunctions);
  EXPECT_EQ(facts.description, "");
  EXPECT_FALSE(facts.timeout);
  EXPECT_EQ(facts.problem, "");
  EXPECT_EQ(Facts("'''\n\n  Second line.\n'''\n" + kFunctions).description, "Second line.");
  EXPECT_EQ(Facts("''\n" + kFunctions).description, "");
  EXPECT_EQ(Facts("b'bytes'\n" + kFunctions).description, "");
}

TEST_F(AnInspection, ExecutesNothing) {
  EXPECT_EQ(Problem("open('trace', 'w').close()\n" + kFunctions), "");
  EXPECT_FALSE(std::filesystem::exists(Path("trace")));
}

TEST_F(AnInspection, TakesFunctionsFromWhereverTheyCome) {
  EXPECT_EQ(Problem("from helpers import check, migrate_files as migrate"), "");
  EXPECT_EQ(Problem("from helpers import *"), "");
  EXPECT_EQ(Problem("check = migrate = lambda: True"), "");
  EXPECT_EQ(Problem("check, migrate = make()"), "");
  EXPECT_EQ(Problem("check: object = f\nmigrate: object = g"), "");
  EXPECT_EQ(Problem("import sys\nif sys.version_info > (3, 9):\n    def check(): return True\n"
                    "else:\n    check = None\n"
                    "try:\n    pass\nexcept OSError:\n    def migrate(): return True\n"),
            "");
}

TEST_F(AnInspection, MissesFunctions) {
  EXPECT_EQ(Problem(""), "it has no function check() and no function migrate()");
  EXPECT_EQ(Problem("def check(): return True"), "it has no function migrate()");
  EXPECT_EQ(Problem("def migrate(): return True"), "it has no function check()");
  EXPECT_EQ(Problem("class Migration:\n    def check(self): pass\n    def migrate(self): pass\n"),
            "it has no function check() and no function migrate()");
  EXPECT_EQ(Problem("check: object\n" + kFunctions.substr(25)), "it has no function check()");
}

TEST_F(AnInspection, RefusesAnAsynchronousFunction) {
  EXPECT_EQ(Problem("def check(): return True\nasync def migrate(): return True\n"),
            "line 2: migrate() is an async function; it must return True or False itself");
}

TEST_F(AnInspection, RefusesATimeoutThatIsNoPositiveLiteral) {
  for (const char* value :
       {"0", "-5", "1.5", "'30'", "True", "5 * 60", "seconds", "None", "10**9", "99999999999"}) {
    EXPECT_NE(
        Problem("TIMEOUT = " + std::string(value) + "\n" + kFunctions).find("line 1: TIMEOUT"),
        std::string::npos)
        << value;
  }
  EXPECT_NE(Problem("if True:\n    TIMEOUT = 5\n" + kFunctions).find("line 2: TIMEOUT"),
            std::string::npos);
}

TEST_F(AnInspection, NamesTheLineThatDoesNotParse) {
  EXPECT_EQ(Problem("def check():\nreturn True").find("line 2: "), 0U);
  EXPECT_EQ(Problem("x = 1\ny = (\n").find("line 2: "), 0U);
  EXPECT_EQ(Problem(kFunctions + "return 5\n"), "line 3: 'return' outside function");
  EXPECT_EQ(Problem(kFunctions + "break\n"), "line 3: 'break' outside loop");
}

TEST_F(AnInspection, RefusesBytesThatAreNoText) {
  EXPECT_EQ(Problem(std::string("x = 1\ny = '\0'\n", 12)), "line 2: contains a null byte");
  EXPECT_NE(Problem("x = '\xff'\n" + kFunctions), "");
  EXPECT_NE(Problem("# -*- coding: martian -*-\n" + kFunctions).find("martian"), std::string::npos);
  EXPECT_EQ(Facts("# -*- coding: latin-1 -*-\n'gr\xfc\xdf'\n" + kFunctions).description,
            "gr\xc3\xbc\xc3\x9f");
}

TEST_F(AnInspection, SurvivesWhatIsNestedTooDeeply) {
  EXPECT_NE(Problem("x = " + std::string(100000, '(') + std::string(100000, ')')), "");
  EXPECT_NE(Problem("x = " + std::string(100000, '-') + "1\n" + kFunctions), "");
  EXPECT_NE(Problem("x = 1" + std::string(50000, '+') + "1\n" + kFunctions +
                    "y = " + std::string(5000, '[')),
            "");
}

TEST_F(AnInspection, TellsNoWarnings) {
  // An invalid escape is a warning, which Python would print for each script.
  EXPECT_EQ(Problem("x = '\\d'\nassert (1, 'always')\n" + kFunctions), "");
}

TEST_F(AnInspection, OfNothingIsEmpty) {
  const auto facts = Inspect({});
  ASSERT_TRUE(facts);
  EXPECT_TRUE(facts->empty());
}

TEST_F(AnInspection, GoesOnWhileAScriptRuns) {
  Start(MakeJob("import time\nprint('running')\ntime.sleep(600)"));
  ASSERT_TRUE(WaitUntil([this] { return !listener->printed.empty(); }));
  EXPECT_EQ(Problem(kFunctions), "");
  EXPECT_FALSE(listener->end);
}

TEST_F(AnInspection, KeepsTheOrderOfManyScripts) {
  constexpr int kScripts = 10000;
  std::vector<std::string> sources;
  sources.reserve(kScripts);
  for (int i = 0; i < kScripts; ++i) {
    sources.push_back("\"\"\"Number " + std::to_string(i) +
                      ".\"\"\"\nimport os\nTIMEOUT = 60\n"
                      "def check() -> bool:\n    return os.path.exists('/x')\n"
                      "def migrate() -> bool:\n    open('/x', 'w').close()\n    return True\n");
  }
  const auto begun = std::chrono::steady_clock::now();
  const auto facts = Inspect(sources);
  const auto took = std::chrono::steady_clock::now() - begun;
  std::printf(
      "%d scripts inspected in %lld ms, interpreter start included\n", kScripts,
      static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  ASSERT_TRUE(facts);
  ASSERT_EQ(facts->size(), sources.size());
  for (int i = 0; i < kScripts; ++i) {
    EXPECT_EQ((*facts)[static_cast<std::size_t>(i)].description,
              "Number " + std::to_string(i) + ".");
  }
}

/// A Python in which a script with a certain word kills whoever parses it: no script is known that
/// does so in every version.
class AFatalScript : public AnInspection {
 public:
  AFatalScript() {
    WriteFile(Path("fatal.py"), R"(
import builtins, os, sys
real = builtins.compile
def compile(source, *rest, **options):
    if isinstance(source, bytes) and b"FATAL" in source and real is not None:
        if b"ONCE" not in source or not os.path.exists("died"):
            open("died", "w").close()
            os.abort()
    return real(source, *rest, **options)
builtins.compile = compile
)");
    WriteFile(Path("python"), R"(#!/bin/sh
# -I -S -B -X utf8 -c CODE
exec python3 "$1" "$2" "$3" "$4" "$5" "$6" "exec(open('fatal.py').read())
$7"
)");
    std::filesystem::permissions(Path("python"), std::filesystem::perms::owner_all);
    options.python = Path("python");
    Restart();
  }
};

TEST_F(AFatalScript, AloneIsGivenAProblem) {
  std::vector<std::string> sources(250, kFunctions);
  sources[120] += "# FATAL\n";
  const auto facts = Inspect(sources);
  ASSERT_TRUE(facts);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    EXPECT_EQ((*facts)[i].problem.empty(), i != 120) << i << (*facts)[i].problem;
  }
}

TEST_F(AFatalScript, IsForgivenIfItHappensOnlyOnce) {
  EXPECT_EQ(Problem(kFunctions + "# FATAL ONCE\n"), "");
  EXPECT_TRUE(std::filesystem::exists(Path("died")));
}

}  // namespace
}  // namespace migrationd::script

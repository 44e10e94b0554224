#include "daemon/script/compiler.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "daemon/script/process_table.h"
#include "tests/script/script_fixture.h"

namespace migrationd::script {
namespace {

constexpr std::size_t kEnough = 8;

core::Script Numbered(std::size_t number, const std::string& source) {
  return {"/catalogue/v1.1.0/00" + std::to_string(number) + "_script.py",
          std::make_shared<const std::string>(source)};
}

/// Scripts that leave a trace when they are executed.
std::vector<core::Script> Scripts() {
  std::vector<core::Script> scripts;
  for (std::size_t i = 0; i < kEnough; ++i) {
    const std::string name = std::to_string(i);
    scripts.push_back(
        Numbered(i, "open('trace', 'w').close()\nprint('this is " + name +
                        "')\ndef check(): return True\ndef migrate(): return True\n"));
  }
  return scripts;
}

class ACompiler : public ScriptFixture {
 public:
  ACompiler() { runner.reset(); }

  std::string Await(const core::Script& script) {
    std::string code;
    WaitUntil([&] { return !(code = compiler->Take(script)).empty(); });
    return code;
  }

  Strays strays;
  SparePool pool{io, options, strays, nullptr};
  std::shared_ptr<Compiler> compiler = std::make_shared<Compiler>(pool);
};

TEST_F(ACompiler, MakesCodeOfScriptsAndExecutesNoneOfThem) {
  compiler->Compile(Scripts());
  for (const core::Script& script : Scripts()) {
    WriteFile(Path("code"), Await(script));
    EXPECT_FALSE(std::filesystem::exists(Path("trace")));
    const std::string command = "cd " + Path("") +
                                " && /usr/bin/python3 -c 'import marshal\n"
                                "exec(marshal.loads(open(\"code\", \"rb\").read()))' >printed";
    EXPECT_EQ(::system(command.c_str()), 0);
    EXPECT_NE(script.bytes->find(ReadFile(Path("printed")).substr(0, 9)), std::string::npos);
    std::filesystem::remove(Path("trace"));
  }
}

TEST_F(ACompiler, GivesACodeAwayOnce) {
  compiler->Compile(Scripts());
  Await(Scripts()[0]);
  EXPECT_EQ(compiler->Take(Scripts()[0]), "");
}

TEST_F(ACompiler, LeavesToTheScriptsProcessWhatHasSomethingToSay) {
  std::vector<core::Script> scripts = Scripts();
  const core::Script wrong = Numbered(10, "def check(:\n");
  const core::Script warned = Numbered(11, "pattern = '\\d'\nis_it = 1 is 1\n");
  const core::Script binary = Numbered(12, std::string("a = 1\0", 6));
  scripts.insert(scripts.begin(), {wrong, warned, binary});
  compiler->Compile(scripts);
  Await(scripts.back());
  for (const core::Script& script : {wrong, warned, binary}) EXPECT_EQ(compiler->Take(script), "");
}

TEST_F(ACompiler, GivesNothingForOtherBytesUnderTheSamePath) {
  compiler->Compile(Scripts());
  Await(Scripts()[1]);
  EXPECT_EQ(compiler->Take(Numbered(0, "print('another')\n")), "");
}

TEST_F(ACompiler, DoesNotStartAProcessForAFew) {
  std::vector<core::Script> few = Scripts();
  few.pop_back();
  compiler->Compile(few);
  EXPECT_TRUE(ChildrenOf(::getpid()).empty());
}

TEST_F(ACompiler, DoesWithoutWhatIsTooLong) {
  std::vector<core::Script> scripts = Scripts();
  const core::Script longest = Numbered(10, "text = '" + std::string(2 << 20U, 'x') + "'\n");
  scripts.push_back(longest);
  compiler->Compile(scripts);
  Await(scripts.front());
  EXPECT_EQ(compiler->Take(longest), "");
}

TEST_F(ACompiler, BeginsAnewWhenItsProcessDies) {
  compiler->Compile(Scripts());
  Await(Scripts()[0]);
  const pid_t worker = ChildrenOf(::getpid()).at(0);
  const std::vector<pid_t> killed = ChildrenOf(worker);
  for (const pid_t spare : killed) ::kill(spare, SIGKILL);
  // The one whose end somebody waits for is the compiler's.
  WaitUntil([&] {
    const std::vector<pid_t> there = ChildrenOf(worker);
    return std::any_of(killed.begin(), killed.end(), [&](pid_t spare) {
      return std::find(there.begin(), there.end(), spare) == there.end();
    });
  });
  compiler->Compile(Scripts());
  Await(Scripts()[0]);
}

TEST_F(ACompiler, ForgetsWhatItIsToForget) {
  compiler->Compile(Scripts());
  Await(Scripts()[0]);
  compiler->LetGo();
  EXPECT_EQ(compiler->Take(Scripts()[1]), "");
}

TEST_F(ScriptFixture, CodeThatWasCompiledAheadIsWhatRuns) {
  WriteFile(Path("python"),
            "#!/bin/sh\nexec python3 -I -S -B -X utf8 -c 'import marshal\n"
            "def loads(data, kept=marshal.loads):\n"
            "    code = kept(data)\n"
            "    open(\"loaded\", \"a\").write(code.co_filename + \" \")\n"
            "    return code\n"
            "marshal.loads = loads\n'\"$7\" \"$@\"\n");
  std::filesystem::permissions(Path("python"), std::filesystem::perms::owner_all);
  options.python = Path("python");
  Restart();
  runner->Compile(Scripts());
  std::size_t next = 0;
  WaitUntil([&] {
    core::ScriptJob job = MakeJob("");
    job.script = Scripts()[next];
    runner->Prepare(job);
    EXPECT_EQ(Run(job).printed, "this is " + std::to_string(next) + "\n");
    next = (next + 1) % kEnough;
    return ReadFile(Path("loaded")).find("_script.py") != std::string::npos;
  });
}

}  // namespace
}  // namespace migrationd::script

#include <unistd.h>

#include <asio/post.hpp>
#include <string>

#include "tests/script/script_fixture.h"

namespace migrationd::script {
namespace {

class AnInterpreter : public ScriptFixture {
 public:
  /// Uses a shell script as the interpreter.
  void Use(const std::string& shell) {
    WriteFile(Path("python"), "#!/bin/sh\n" + shell + "\n");
    std::filesystem::permissions(Path("python"), std::filesystem::perms::owner_all);
    options.python = Path("python");
    Restart();
  }

  void ExpectFailure(const std::string& words) {
    Run(kTouch);
    EXPECT_TRUE(Ended<core::ScriptFailed>(*listener));
    EXPECT_EQ(listener->failure().phase, core::Phase::kStart);
    EXPECT_NE(listener->failure().message.find(words), std::string::npos)
        << listener->failure().message;
    EXPECT_NE(listener->failure().message.find(options.python), std::string::npos);
    const auto facts = Inspect({kTouch});
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().reason, core::Reason::kInterpreterFailed);
  }
};

TEST_F(AnInterpreter, ThatIsMissingIsNamed) {
  options.python = "/no/such/python";
  Restart();
  ExpectFailure("No such file or directory");
}

TEST_F(AnInterpreter, ThatIsADirectoryIsNamed) {
  options.python = Path("");
  Restart();
  ExpectFailure("Permission denied");
}

TEST_F(AnInterpreter, ThatIsNotExecutableIsNamed) {
  WriteFile(Path("python"), "text");
  options.python = Path("python");
  Restart();
  ExpectFailure("Permission denied");
}

TEST_F(AnInterpreter, ThatEndsAtOnceIsNoPython) {
  options.python = "/bin/true";
  Restart();
  ExpectFailure("it ended with exit code 0 before it was ready");
}

TEST_F(AnInterpreter, ThatComplainsIsQuoted) {
  Use("echo 'usage: some-other-program' >&2; exit 2");
  ExpectFailure("ended with exit code 2 before it was ready; it said 'usage: some-other-program'");
}

TEST_F(AnInterpreter, ThatIsKilledIsNamed) {
  Use("kill -9 $$");
  ExpectFailure("it was killed by SIGKILL");
}

TEST_F(AnInterpreter, ThatDoesNotAnswerIsGivenUp) {
  options.start_timeout = std::chrono::milliseconds(50);
  Use("exec sleep 600");
  ExpectFailure("did not answer within 50 ms");
}

TEST_F(AnInterpreter, ThatSaysSomethingElseIsNoPython) {
  Use("exec python3 -c 'import socket; socket.socket(fileno=3).send(b\"hello\")'");
  ExpectFailure("it said something that is not understood");
}

TEST_F(AnInterpreter, ThatIsTooOldSaysSo) {
  Use("exec python3 -c 'import sys; sys.version_info = (3, 7); sys.version = \"3.7.3 "
      "(x)\"\n'\"$7\"");
  ExpectFailure("Python 3.8 or newer is needed, this is 3.7.3");
}

TEST_F(AnInterpreter, IsAskedAnewWhenItWorksAgain) {
  Use("exit 1");
  Run(kTouch);
  EXPECT_TRUE(Ended<core::ScriptFailed>(*listener));
  WriteFile(Path("python"), "#!/bin/sh\nexec python3 \"$@\"\n");
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
}

TEST_F(AnInterpreter, OfTheVersionOfTheBuildCompilesNothingOfOurs) {
  Use("exec /usr/bin/python3 -I -S -B -X utf8 -c 'import builtins, sys\n"
      "def refuse(source, name, *rest, kept=compile, **more):\n"
      "    if name == \"<migrationd>\": sys.exit(\"compiled again\")\n"
      "    return kept(source, name, *rest, **more)\n"
      "builtins.compile = refuse\n'\"$7\"");
  EXPECT_TRUE(Inspect({kTouch}));
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
}

TEST_F(AnInterpreter, OfAnotherVersionCompilesTheSource) {
  Use("exec python3 -I -S -B -X utf8 -c 'import _frozen_importlib_external, marshal\n"
      "_frozen_importlib_external.MAGIC_NUMBER = b\"none\"\n"
      "del marshal.loads\n'\"$7\"");
  EXPECT_TRUE(Inspect({kTouch}));
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kTouch)));
}

TEST_F(AnInterpreter, NeedsItsWorkingDirectory) {
  options.working_directory = Path("missing");
  Restart();
  Run(kTouch);
  EXPECT_TRUE(Ended<core::ScriptFailed>(*listener));
  EXPECT_NE(listener->failure().message.find("missing"), std::string::npos);
}

TEST_F(AnInterpreter, ThatNeverStartsCanBeStopped) {
  Use("exec sleep 600");
  Start(MakeJob(kTouch));
  bool turned = false;
  asio::post(io, [&turned] { turned = true; });
  ASSERT_TRUE(WaitUntil([&turned] { return turned; }));
  runner->Stop();
  ASSERT_TRUE(WaitUntil([this] { return listener->end.has_value(); }));
  EXPECT_TRUE(Ended<core::ScriptStopped>(*listener));
  runner.reset();
  EXPECT_TRUE(ChildrenOf(::getpid()).empty());
}

}  // namespace
}  // namespace migrationd::script

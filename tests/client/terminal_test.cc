#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <string>

#include "tests/client/facts.h"
#include "tests/client/telec.h"

namespace telec::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kId = "1.1.0/001_x.py";

class Terminal : public ::testing::Test {
 public:
  Terminal() {
    daemon.Plans(PlanOf({kId}));
    daemon.Runs({Started(1), MigrationStarted(kId, 1), Progress(kId, 900, 2000, "notes"),
                 Output(kId, "hello\x1b[2J\n"), Ended(kId),
                 RunEnded(api::RUN_OUTCOME_SUCCEEDED, 1)});
    daemon.PausesBefore(5);
  }

  Launch OnTerminal(std::vector<std::string> arguments,
                    std::map<std::string, std::string> environment = {}) {
    Launch launch = Telec(daemon, std::move(arguments));
    launch.terminal = true;
    launch.environment["TERM"] = "xterm-256color";
    for (const auto& [name, value] : environment) launch.environment[name] = value;
    return launch;
  }

  FakeDaemon daemon;
};

TEST_F(Terminal, ProgressIsOneLineThatIsDrawnAgain) {
  Process telec(OnTerminal({"migrate"}));
  EXPECT_TRUE(
      telec.Prints("\r\x1b[K[1/1] 1.1.0/001_x.py [#########-----------] 45% 900/2000 notes "));
  daemon.GoesOn();
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_THAT(telec.Output(), HasSubstr("\x1b[32mDone\x1b[0m: 1 applied."));
}

TEST_F(Terminal, AScriptNeitherMovesTheCursorNorClearsTheScreen) {
  daemon.GoesOn();
  Process telec(OnTerminal({"migrate"}));
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_THAT(telec.Output(), HasSubstr("hello^[[2J"));
  EXPECT_THAT(telec.Output(), Not(HasSubstr("\x1b[2J")));
}

TEST_F(Terminal, ALineIsNeverWiderThanTheTerminal) {
  daemon.Runs({Started(1), MigrationStarted(kId, 1), Progress(kId, 1, 2, std::string(300, 'w')),
               Ended(kId), RunEnded()});
  daemon.PausesBefore(4);
  Process telec(OnTerminal({"migrate"}));
  EXPECT_TRUE(telec.Prints("www... "));
  const std::string& out = telec.Output();
  const std::size_t begin = out.find("\x1b[K[1/1]") + 3;
  EXPECT_LE(std::min(out.find('\r', begin), out.size()) - begin, 99U);
}

TEST_F(Terminal, NoColourIsRespectedAndStillRedrawn) {
  daemon.GoesOn();
  Process telec(OnTerminal({"migrate"}, {{"NO_COLOR", "1"}}));
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_THAT(telec.Output(), Not(HasSubstr("\x1b[32m")));
}

TEST_F(Terminal, ADumbTerminalGetsPlainLines) {
  daemon.GoesOn();
  Process telec(OnTerminal({"migrate"}, {{"TERM", "dumb"}}));
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_THAT(telec.Output(), Not(HasSubstr("\x1b")));
}

TEST_F(Terminal, JsonIsNeverDecorated) {
  daemon.GoesOn();
  Process telec(OnTerminal({"migrate", "-o", "json", "--color", "always"}));
  EXPECT_EQ(telec.Wait(), Exit{0});
  EXPECT_THAT(telec.Output(), Not(HasSubstr("\x1b")));
}

TEST_F(Terminal, ColourCanBeHadWithoutOne) {
  daemon.GoesOn();
  const Finished telec = RunTelec(daemon, {"migrate", "--color", "always"});
  EXPECT_THAT(telec.out, HasSubstr("\x1b[32mDone\x1b[0m"));
  EXPECT_THAT(telec.out, Not(HasSubstr("\x1b[K")));
}

TEST_F(Terminal, CtrlCOnTheKeyboardIsTheFirstStage) {
  Process telec(OnTerminal({"migrate"}));
  ASSERT_TRUE(telec.Prints("45%"));
  telec.Type("\x03");
  EXPECT_EQ(daemon.AwaitCancel().mode(), api::CANCEL_MODE_AFTER_CURRENT);
  EXPECT_TRUE(telec.Prints("Stopping after the current migration."));
}

TEST_F(Terminal, ClosingItLeavesTheRunToTheDaemon) {
  Process telec(OnTerminal({"migrate"}));
  ASSERT_TRUE(telec.Prints("45%"));
  telec.StopListening();
  EXPECT_EQ(telec.Wait(), Exit{3});
}

}  // namespace
}  // namespace telec::testing

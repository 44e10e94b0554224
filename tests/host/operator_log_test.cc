#include "daemon/host/operator_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "tests/host/captured.h"

namespace migrationd::host {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

const core::RunId kRun{7, "7-c0ffee"};

core::Event Failed(const std::string& message) {
  core::MigrationEnded ended;
  ended.migration_id = "1.3.0/002-index";
  ended.outcome = core::Outcome::kFailed;
  ended.failure = core::Failure{};
  ended.failure->message = message;
  return core::Event{1, core::WallTime{0}, ended};
}

class OperatorLogTest : public testing::Test {
 protected:
  OperatorLogTest() { unsetenv("JOURNAL_STREAM"); }
  ~OperatorLogTest() override { unsetenv("JOURNAL_STREAM"); }

  const Captured errors_{stderr};
};

TEST_F(OperatorLogTest, ALineBeginsWithItsTimeAndLevel) {
  const auto log = OperatorLog::Make("info");
  ASSERT_TRUE(log);
  log->Info("listening on 'd.sock'");
  EXPECT_THAT(errors_.Text(), MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
                                           "\\.[0-9]{3}[+-][0-9]{2}:[0-9]{2} info "
                                           "listening on 'd\\.sock'\n"));
}

TEST_F(OperatorLogTest, TheLevelSaysWhatIsLeftOut) {
  const auto says = [](const char* level) {
    const Captured errors(stderr);
    const auto log = OperatorLog::Make(level, true);
    log->Info("info");
    log->Warn("warn");
    log->Error({core::Reason::kInternal, "error", "hint"});
    return errors.Text();
  };
  EXPECT_EQ(says("debug"), "info\nwarn\nerror. hint\n");
  EXPECT_EQ(says("info"), "info\nwarn\nerror. hint\n");
  EXPECT_EQ(says("warn"), "warn\nerror. hint\n");
  EXPECT_EQ(says("error"), "error. hint\n");
  EXPECT_EQ(says("off"), "");
}

TEST_F(OperatorLogTest, AnUnknownLevelIsRefused) {
  for (const char* level : {"", "loud", "INFO", "critical"}) {
    const auto log = OperatorLog::Make(level);
    ASSERT_FALSE(log) << level;
    EXPECT_EQ(log.error().reason, core::Reason::kConfigInvalid);
    EXPECT_THAT(log.error().message, HasSubstr("'" + std::string(level) + "'"));
  }
}

TEST_F(OperatorLogTest, InTheJournalEachLineHasItsPriority) {
  setenv("JOURNAL_STREAM", errors_.Place().c_str(), 1);
  const auto log = OperatorLog::Make("debug");
  ASSERT_TRUE(log);
  log->Info("one\ntwo");
  log->Warn("three\n\nfour");
  log->Error({core::Reason::kInternal, "five\nsix", ""});
  EXPECT_EQ(errors_.Text(), "<6>one\n<6>two\n<4>three\n<4>\n<4>four\n<3>five\n<3>six\n");
}

TEST_F(OperatorLogTest, AJournalThatIsNotStderrIsNotWrittenFor) {
  setenv("JOURNAL_STREAM", "1:1", 1);
  const auto log = OperatorLog::Make("info");
  ASSERT_TRUE(log);
  log->Info("one");
  EXPECT_THAT(errors_.Text(), Not(HasSubstr("<6>")));
}

TEST_F(OperatorLogTest, AScriptCannotForgeALine) {
  setenv("JOURNAL_STREAM", errors_.Place().c_str(), 1);
  const auto log = OperatorLog::Make("info");
  ASSERT_TRUE(log);
  log->Event(kRun, Failed("ValueError: it's \x1b[2J red\r\n<6>run 8: succeeded \xff"));
  EXPECT_THAT(errors_.Text(), MatchesRegex("<3>run 7-c0ffee: 1\\.3\\.0/002-index failed.*\n"));
  EXPECT_THAT(errors_.Text(), HasSubstr(R"(it's \x1b[2J red\r\n<6>run 8: succeeded \xff)"
                                        "\n"));
}

TEST_F(OperatorLogTest, ControlCharactersAreShownInEveryMessage) {
  const auto log = OperatorLog::Make("info", true);
  ASSERT_TRUE(log);
  log->Warn("a\x07 b\x1b[0m\nc {} %s \\ \u00e9\u202e");
  EXPECT_EQ(errors_.Text(), "a\\x07 b\\x1b[0m\nc {} %s \\ \u00e9\\u202e\n");
}

TEST_F(OperatorLogTest, EventsAreToldFromStartToEnd) {
  const auto log = OperatorLog::Make("info", true);
  ASSERT_TRUE(log);
  const auto tell = [&log](const core::Fact& fact) {
    log->Event(kRun, core::Event{1, core::WallTime{0}, fact});
  };
  core::RunStarted started;
  started.by = {1000, 1, "mara"};
  started.from_version = "1.2.0";
  started.to_version = "1.3.0";
  started.total = 2;
  tell(started);
  tell(core::OutputWritten{});
  tell(core::MigrationEnded{});
  core::RunEnded ended;
  ended.current_version = "1.3.0";
  tell(ended);
  EXPECT_EQ(errors_.Text(),
            "run 7-c0ffee: started by mara: 1.2.0 to 1.3.0, 2 pending\n"
            "run 7-c0ffee: succeeded, now at 1.3.0\n");
}

}  // namespace
}  // namespace migrationd::host

#include "client/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace telec {
namespace {

using ::testing::HasSubstr;

using Words = std::vector<const char*>;

Command Parsed(const Words& words) {
  const auto parsed = ParseCommandLine(words);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
  return parsed && std::holds_alternative<Command>(*parsed) ? std::get<Command>(*parsed)
                                                            : Command{};
}

std::string HelpOf(const Words& words) {
  const auto parsed = ParseCommandLine(words);
  EXPECT_TRUE(parsed && std::holds_alternative<Information>(*parsed));
  return parsed ? std::get<Information>(*parsed).text : "";
}

std::string Refused(const Words& words) {
  const auto parsed = ParseCommandLine(words);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().reason, "USAGE");
  EXPECT_NE(parsed.error().hint, "");
  return parsed.error().message;
}

TEST(CommandLine, ABareMigrateRunsWithTheDaemonsDefaults) {
  const Command command = Parsed({"migrate"});
  const auto& run = std::get<RunOptions>(command.verb);
  EXPECT_FALSE(run.from || run.to || run.wait || run.dry_run || run.detach);
  EXPECT_FALSE(command.common.host || command.common.local);
  EXPECT_EQ(command.common.output, OutputFormat::kText);
}

TEST(CommandLine, EveryOptionOfARunArrives) {
  const Command command = Parsed({"migrate", "--from", "1.0", "--to=1.3", "--detailed-exitcode",
                                  "--out-of-order", "--recheck", "--probe", "--wait", "1h30m", "-o",
                                  "json", "--color", "never", "--host", "/x"});
  const auto& run = std::get<RunOptions>(command.verb);
  EXPECT_EQ(run.from, "1.0");
  EXPECT_EQ(run.to, "1.3");
  EXPECT_TRUE(run.detailed_exit_code && run.out_of_order && run.recheck && run.probe);
  EXPECT_EQ(run.wait, std::chrono::minutes(90));
  EXPECT_EQ(command.common.output, OutputFormat::kJson);
  EXPECT_EQ(command.common.colour, ColourMode::kNever);
  EXPECT_EQ(command.common.host, "/x");
}

TEST(CommandLine, OptionsOfTheConnectionStandBeforeOrAfterTheVerb) {
  EXPECT_EQ(Parsed({"migrate", "--host", "/x", "status"}).common.host, "/x");
  EXPECT_EQ(Parsed({"migrate", "status", "--host", "/x"}).common.host, "/x");
}

TEST(CommandLine, APrivateDaemonsOptionsMayStandOnBothSidesOfTheVerb) {
  const Command command =
      Parsed({"migrate", "--local", "--state", "/s", "status", "--migrations", "/m"});
  EXPECT_TRUE(command.common.local);
  EXPECT_EQ(command.common.state, "/s");
  EXPECT_EQ(command.common.migrations, "/m");
}

TEST(CommandLine, AMigrationWithoutARunIsOfTheLastRun) {
  const auto of_last = std::get<LogsOptions>(Parsed({"migrate", "logs", "1.1.0/001_x.py"}).verb);
  EXPECT_EQ(of_last.run, "");
  EXPECT_EQ(of_last.migration, "1.1.0/001_x.py");
  const auto of_seven =
      std::get<LogsOptions>(Parsed({"migrate", "logs", "7", "1.1.0/001_x.py"}).verb);
  EXPECT_EQ(of_seven.run, "7");
  EXPECT_EQ(of_seven.migration, "1.1.0/001_x.py");
}

TEST(CommandLine, AResolutionIsOneOfThree) {
  const Words words = {"migrate", "resolve", "1.1.0/001_x.py", "--skipped", "--reason", "not here"};
  const auto resolve = std::get<ResolveOptions>(Parsed(words).verb);
  EXPECT_EQ(resolve.migration, "1.1.0/001_x.py");
  EXPECT_EQ(resolve.resolution, api::RESOLUTION_SKIPPED);
  EXPECT_EQ(resolve.reason, "not here");
  EXPECT_THAT(Refused({"migrate", "resolve", "x", "--reason", "y"}), HasSubstr("needs --applied"));
  EXPECT_THAT(Refused({"migrate", "resolve", "x", "--applied", "--pending", "--reason", "y"}),
              HasSubstr("excludes"));
  EXPECT_THAT(Refused({"migrate", "resolve", "x", "--applied"}), HasSubstr("--reason is required"));
}

TEST(CommandLine, WhatMakesNoSenseIsRefusedBeforeAnythingIsAsked) {
  EXPECT_EQ(Refused({}), "a command is missing");
  EXPECT_THAT(Refused({"migrate", "--dryrun"}), HasSubstr("did you mean '--dry-run'?"));
  EXPECT_THAT(Refused({"migrate", "statsu"}), HasSubstr("did you mean 'status'?"));
  EXPECT_THAT(Refused({"migrate", "--dry-run", "status"}), HasSubstr("no meaning for 'status'"));
  EXPECT_THAT(Refused({"migrate", "--wait", "soon"}), HasSubstr("'soon' is not a duration"));
  EXPECT_THAT(Refused({"migrate", "--state", "x"}), HasSubstr("--local"));
  EXPECT_THAT(Refused({"migrate", "--local", "--host", "x"}), HasSubstr("exclude each other"));
  EXPECT_THAT(Refused({"migrate", "--local", "status", "--host", "x"}), HasSubstr("exclude"));
  EXPECT_THAT(Refused({"migrate", "--local", "--detach"}), HasSubstr("exclude each other"));
  EXPECT_THAT(Refused({"migrate", "--dry-run", "--detach"}), HasSubstr("excludes"));
  EXPECT_THAT(Refused({"migrate", "-o", "xml"}), HasSubstr("xml"));
  EXPECT_THAT(Refused({"migrate", "--to"}), HasSubstr("--to"));
  EXPECT_THAT(Refused({"migrate", "--from", "\xff"}), HasSubstr("is not UTF-8"));
}

TEST(CommandLine, ErrorsInJsonAreWantedWhenOutputInJsonIs) {
  EXPECT_TRUE(AsksForJson(Words{"migrate", "-o", "json", "--bad"}));
  EXPECT_TRUE(AsksForJson(Words{"migrate", "--output=json"}));
  EXPECT_FALSE(AsksForJson(Words{"migrate", "-o", "text"}));
  EXPECT_FALSE(AsksForJson(Words{"migrate", "-o"}));
}

TEST(Help, NamesEveryVerbAndEveryExitCode) {
  const std::string help = HelpOf({"migrate", "--help"});
  for (const char* verb : {"status", "history", "watch", "logs", "cancel", "resolve", "baseline"}) {
    EXPECT_THAT(help, HasSubstr("\n  " + std::string(verb) + " "));
    EXPECT_THAT(HelpOf({"migrate", verb, "--help"}),
                HasSubstr("Usage: telec migrate " + std::string(verb)));
  }
  for (const char* code :
       {" 0  ", " 1  ", " 2  ", " 3  ", " 4  ", " 5  ", " 6  ", "64  ", "75  "}) {
    EXPECT_THAT(help, HasSubstr(code));
  }
}

TEST(Help, FitsOnATerminal) {
  for (const Words& words :
       {Words{"--help"}, Words{"migrate", "--help"}, Words{"migrate", "resolve", "--help"}}) {
    std::string help = HelpOf(words);
    for (std::size_t end = help.find('\n'); end != std::string::npos; end = help.find('\n')) {
      EXPECT_LE(end, 100U) << help.substr(0, end);
      help.erase(0, end + 1);
    }
  }
}

TEST(Help, TheVersionIsTold) {
  EXPECT_THAT(HelpOf({"--version"}), ::testing::MatchesRegex("telec [0-9.]+\n"));
}

}  // namespace
}  // namespace telec

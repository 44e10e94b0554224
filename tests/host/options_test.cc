#include "daemon/host/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/host/captured.h"

namespace migrationd::host {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

std::variant<Options, int> Parse(std::vector<std::string> words) {
  words.insert(words.begin(), "migrationd");
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  return ParseOptions(static_cast<int>(words.size()), arguments.data());
}

TEST(Options, WhatIsNotGivenIsLeftToTheConfiguration) {
  const auto parsed = Parse({});
  const auto* options = std::get_if<Options>(&parsed);
  ASSERT_NE(options, nullptr);
  EXPECT_FALSE(options->config || options->migrations || options->state || options->socket ||
               options->python || options->private_fd || options->check_config);
}

TEST(Options, EachIsUnderstood) {
  const auto parsed =
      Parse({"--config", "c.toml", "--migrations=m", "--state", "s.json", "--socket", "d.sock",
             "--python", "/usr/bin/python3", "--private", "3", "--check-config"});
  const auto* options = std::get_if<Options>(&parsed);
  ASSERT_NE(options, nullptr);
  EXPECT_EQ(options->config, "c.toml");
  EXPECT_EQ(options->migrations, "m");
  EXPECT_EQ(options->state, "s.json");
  EXPECT_EQ(options->socket, "d.sock");
  EXPECT_EQ(options->python, "/usr/bin/python3");
  EXPECT_EQ(options->private_fd, 3);
  EXPECT_TRUE(options->check_config);
}

TEST(Options, MistakesAreSaidOnStderrAndEndWithUsage) {
  const std::vector<std::vector<std::string>> mistakes = {
      {"--migration", "m"}, {"--migrations"}, {"--private", "three"}, {"stray"}};
  for (const auto& mistake : mistakes) {
    const Captured errors(stderr);
    const auto parsed = Parse(mistake);
    ASSERT_TRUE(std::holds_alternative<int>(parsed)) << mistake[0];
    EXPECT_EQ(std::get<int>(parsed), 64) << mistake[0];
    EXPECT_THAT(errors.Text(), HasSubstr(mistake.back()));
  }
}

TEST(Options, TheVersionIsOneLineOnStdout) {
  const Captured out(stdout);
  const auto parsed = Parse({"--version"});
  ASSERT_TRUE(std::holds_alternative<int>(parsed));
  EXPECT_EQ(std::get<int>(parsed), 0);
  EXPECT_THAT(out.Text(), MatchesRegex("migrationd [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Options, HelpNamesThem) {
  const Captured out(stdout);
  const auto parsed = Parse({"--help"});
  ASSERT_TRUE(std::holds_alternative<int>(parsed));
  EXPECT_EQ(std::get<int>(parsed), 0);
  EXPECT_THAT(out.Text(), HasSubstr("--migrations"));
}

}  // namespace
}  // namespace migrationd::host

#include "daemon/host/configure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temp_directory.h"

namespace migrationd::host {
namespace {

using ::testing::HasSubstr;

TEST(Configure, TheCommandLineWinsOverTheFileAndTheFileOverTheDefaults) {
  const support::TempDirectory folder;
  support::WriteFile(folder / "a.toml",
                     "[daemon]\nmigrations = '/file/m'\nstate = '/file/state.json'\n");
  Options options;
  options.config = folder / "a.toml";
  options.migrations = "/line/m";
  const auto config = Configure(options, Surroundings{false, "/home/mara", "", "/run/user/1", ""});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->migrations, "/line/m");
  EXPECT_EQ(config->state, "/file/state.json");
  EXPECT_EQ(config->socket, "/run/user/1/migrationd/migrationd.sock");
}

TEST(Configure, TheDefaultFileIsReadWhenItIsThere) {
  const support::TempDirectory home;
  support::WriteFile(home / ".config/migrationd/migrationd.toml", "[daemon]\nmigrations = '/m'\n");
  const auto config = Configure({}, Surroundings{false, home.path(), "", "", ""});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->migrations, "/m");
}

TEST(Configure, WithoutAFileTheCommandLineIsEnough) {
  const support::TempDirectory home;
  const Surroundings surroundings{false, home.path(), "", "", ""};
  Options options;
  options.migrations = "m/../n";
  const auto config = Configure(options, surroundings);
  ASSERT_TRUE(config);
  EXPECT_EQ(config->migrations, std::filesystem::current_path() / "n")
      << "scripts may run elsewhere";
  const auto nothing = Configure({}, surroundings);
  ASSERT_FALSE(nothing);
  EXPECT_THAT(nothing.error().hint, HasSubstr("--migrations"));
}

TEST(Configure, APrivateDaemonIsQuietUnlessToldOtherwise) {
  const support::TempDirectory home;
  const Surroundings surroundings{false, home.path(), "", "", ""};
  Options options;
  options.migrations = "/m";
  options.private_fd = 3;
  EXPECT_EQ(Configure(options, surroundings)->log_level, "warn");
  support::WriteFile(home / ".config/migrationd/migrationd.toml",
                     "[daemon]\nlog_level = 'debug'\n");
  EXPECT_EQ(Configure(options, surroundings)->log_level, "debug");
}

TEST(Configure, APrivateDaemonOfRootLeavesTheSystemsStateAlone) {
  Options options;
  options.migrations = "/m";
  options.private_fd = 3;
  options.config = "/dev/null";
  const auto config = Configure(options, Surroundings{true, "/root", "", "", ""});
  ASSERT_TRUE(config);
  EXPECT_EQ(config->state, "/root/.teleclaude/migration_state.json");
}

}  // namespace
}  // namespace migrationd::host

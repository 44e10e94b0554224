#include "daemon/host/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace migrationd::host {
namespace {

using ::testing::HasSubstr;

const Surroundings kRoot{true, "/root", "", "", ""};
const Surroundings kUser{false, "/home/mara", "", "/run/user/1000", ""};

TEST(Config, RootsDefaultsAreTheSystemsFolders) {
  const Config config = DefaultConfig(kRoot);
  EXPECT_EQ(config.state, "/var/lib/migrationd/migration_state.json");
  EXPECT_EQ(config.socket, "/run/migrationd/migrationd.sock");
  EXPECT_EQ(DefaultConfigPath(kRoot), "/etc/migrationd/migrationd.toml");
  EXPECT_EQ(ExposureOf(config, kRoot), core::ExposurePolicy::kRefuse);
}

TEST(Config, AUsersDefaultsAreInTheirHome) {
  const Config config = DefaultConfig(kUser);
  EXPECT_EQ(config.state, "/home/mara/.teleclaude/migration_state.json");
  EXPECT_EQ(config.socket, "/run/user/1000/migrationd/migrationd.sock");
  EXPECT_EQ(DefaultConfigPath(kUser), "/home/mara/.config/migrationd/migrationd.toml");
  EXPECT_EQ(ExposureOf(config, kUser), core::ExposurePolicy::kWarn);
}

TEST(Config, TheEnvironmentMovesTheDefaults) {
  Surroundings moved = kUser;
  moved.config_home = "/home/mara/etc";
  moved.runtime_directory = "";
  moved.state_directory = "/var/lib/private/inkwell";
  EXPECT_EQ(DefaultConfigPath(moved), "/home/mara/etc/migrationd/migrationd.toml");
  EXPECT_EQ(DefaultConfig(moved).state, "/var/lib/private/inkwell/migration_state.json");
  EXPECT_EQ(DefaultConfig(moved).socket, "") << "no place is made up";
}

TEST(Config, AFileIsReadOverTheDefaults) {
  Config config = DefaultConfig(kUser);
  ASSERT_TRUE(ReadConfig(R"([daemon]
migrations = "/opt/inkwell/migrations"
exposure = "ignore"
[scripts]
sys_path = ["/opt/inkwell/lib", "/opt/lib"]
environment = { INKWELL_HOME = "/var/lib/inkwell" }
timeout_seconds = 600
[limits]
connections = 8
)",
                         "a.toml", config));
  EXPECT_EQ(config.migrations, "/opt/inkwell/migrations");
  EXPECT_EQ(ExposureOf(config, kRoot), core::ExposurePolicy::kIgnore);
  EXPECT_EQ(config.sys_path, (std::vector<std::string>{"/opt/inkwell/lib", "/opt/lib"}));
  EXPECT_EQ(config.environment.at("INKWELL_HOME"), "/var/lib/inkwell");
  EXPECT_EQ(config.timeout_seconds, 600U);
  EXPECT_EQ(config.connections, 8U);
  EXPECT_EQ(config.kill_grace_seconds, 10U) << "what the file does not say stays";
}

TEST(Config, AMistakeIsNamedWithItsLineAndWhatWasMeant) {
  struct Mistake {
    const char* toml;
    const char* message;
    const char* hint;
  };
  const Mistake mistakes[] = {
      {"[scripts]\n\ntimeout_second = 5", "line 3: there is no key `scripts.timeout_second`",
       "Did you mean `timeout_seconds`?"},
      {"[daemon]\ntimeout_seconds = 5", "`daemon.timeout_seconds`", "configuration.md"},
      {"[script]\npython = '/p'", "`script`", "Did you mean `scripts`?"},
      {"migrations = '/m'", "line 1: there is no section or key `migrations`", "configuration.md"},
      {"daemon = 5", "`daemon`", ""},
      {"[daemon]\nmigrations = 5", "line 2: `daemon.migrations` should be a string", "Mend"},
      {"[daemon]\nstate = ['/s']", "`daemon.state` should be a string", "Mend"},
      {"[scripts]\ntimeout_seconds = '5'", "should be a whole number", "Mend"},
      {"[scripts]\ntimeout_seconds = 5.0", "should be a whole number", "Mend"},
      {"[scripts]\ntimeout_seconds = true", "should be a whole number", "Mend"},
      {"[scripts]\ntimeout_seconds = 6.7e69", "should be a whole number", "Mend"},
      {"[scripts]\ntimeout_seconds = -1", "from 0 to", "Mend"},
      {"[limits]\nhistory_bytes = 9223372036854775807", "from 0 to", "Mend"},
      {"[scripts]\nsys_path = '/lib'", "should be an array of strings", "Mend"},
      {"[scripts]\nsys_path = ['/lib', 5]", "should hold strings only", "Mend"},
      {"[scripts]\nenvironment = ['A=b']", "should be a table of strings", "Mend"},
      {"[scripts]\nenvironment = { A = 1 }", "should hold strings only", "Mend"},
      {"[daemon\n", "line 1", "TOML"},
      {"[daemon]\nstate = 'a'\nstate = 'b'", "line 3", "TOML"},
  };
  for (const Mistake& mistake : mistakes) {
    Config config;
    const auto read = ReadConfig(mistake.toml, "/etc/a.toml", config);
    ASSERT_FALSE(read) << mistake.toml;
    EXPECT_EQ(read.error().reason, core::Reason::kConfigInvalid);
    EXPECT_THAT(read.error().message, HasSubstr("'/etc/a.toml'"));
    EXPECT_THAT(read.error().message, HasSubstr(mistake.message)) << mistake.toml;
    EXPECT_THAT(read.error().hint, HasSubstr(mistake.hint)) << mistake.toml;
  }
}

TEST(Config, AnEmptyFileIsFine) {
  const support::TempDirectory folder;
  support::WriteFile(folder / "empty.toml", "");
  const auto text = LoadConfigFile(folder / "empty.toml", true);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, std::optional<std::string>(""));
  Config config;
  EXPECT_TRUE(ReadConfig("", "empty.toml", config));
}

TEST(Config, TheDefaultFileMayBeMissingANamedOneMayNot) {
  const support::TempDirectory folder;
  const auto by_default = LoadConfigFile(folder / "none.toml", false);
  ASSERT_TRUE(by_default);
  EXPECT_FALSE(by_default->has_value());
  const auto named = LoadConfigFile(folder / "none.toml", true);
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().reason, core::Reason::kConfigInvalid);
  EXPECT_THAT(named.error().message, HasSubstr(folder / "none.toml"));
  EXPECT_THAT(named.error().message, HasSubstr("No such file"));
}

TEST(Config, AFolderIsNoConfiguration) {
  const support::TempDirectory folder;
  const auto text = LoadConfigFile(folder.path(), false);
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("no regular file"));
}

TEST(Config, WhatCannotWorkTogetherIsRefused) {
  Config good;
  good.migrations = "/m";
  EXPECT_TRUE(CheckConfig(good));
  const auto refused = [&good](auto member, auto value) {
    Config config = good;
    config.*member = value;
    const auto checked = CheckConfig(config);
    return checked ? "" : checked.error().message;
  };
  EXPECT_THAT(refused(&Config::migrations, ""), HasSubstr("no migrations directory"));
  EXPECT_THAT(refused(&Config::initial_version, "one"), HasSubstr("'one'"));
  EXPECT_THAT(refused(&Config::exposure, "maybe"), HasSubstr("'maybe'"));
  EXPECT_THAT(refused(&Config::timeout_seconds, 0U), HasSubstr("scripts.timeout_seconds"));
  EXPECT_THAT(refused(&Config::python, "python3"), HasSubstr("'python3'"));
}

}  // namespace
}  // namespace migrationd::host

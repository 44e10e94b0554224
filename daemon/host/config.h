#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/catalogue.h"
#include "daemon/core/result.h"

namespace migrationd::host {

/// Everything that can be configured, with its default. docs/reference/configuration.md describes
/// each key; units stand in the names.
struct Config {
  // [daemon]
  std::string migrations;  ///< Directory. Required, here or on the command line.
  std::string state;       ///< File.
  std::string socket;      ///< Path.
  std::string initial_version = "0";
  std::string operator_group;
  std::string viewer_group;
  std::string exposure;  ///< "refuse", "warn" or "ignore"; empty: refuse for root, else warn.
  std::string log_level = "info";
  std::uint64_t stop_grace_seconds = 60;

  // [scripts]
  std::string python = "/usr/bin/python3";
  std::vector<std::string> sys_path;
  std::map<std::string, std::string> environment;
  std::vector<std::string> pass_environment;
  std::string working_directory;  ///< Empty: the daemon's own.
  std::uint64_t timeout_seconds = 300;
  std::uint64_t kill_grace_seconds = 10;
  std::uint64_t idle_seconds = 30;

  // [limits]
  std::uint64_t script_bytes = 1U << 20U;
  std::uint64_t output_bytes = 1U << 20U;
  std::uint64_t run_output_bytes = 64U << 20U;
  std::uint64_t history_runs = 1000;
  std::uint64_t history_days = 365;
  std::uint64_t history_bytes = 1ULL << 30U;
  std::uint64_t reserve_bytes = 16U << 20U;
  std::uint64_t connections = 256;
};

/// Where the defaults come from: who the daemon is, and what its environment says.
struct Surroundings {
  bool is_root = false;
  std::string home;               ///< $HOME
  std::string config_home;        ///< $XDG_CONFIG_HOME
  std::string runtime_directory;  ///< $XDG_RUNTIME_DIR
  std::string state_directory;    ///< $STATE_DIRECTORY, set by systemd
};

/// Reads the process's own.
Surroundings ReadSurroundings();

/// Defaults for these surroundings.
Config DefaultConfig(const Surroundings& surroundings);

/// Where the configuration is looked for when none is named.
std::string DefaultConfigPath(const Surroundings& surroundings);

/// Reads TOML text over `config`. Error (kConfigInvalid): names file, line and key, and suggests
/// the key that was meant.
core::Status ReadConfig(std::string_view toml, const std::string& file, Config& config);

/// The file's text; nullopt when it does not exist and `required` is false. Error: kConfigInvalid.
core::Result<std::optional<std::string>> LoadConfigFile(const std::string& path, bool required);

/// Checks what belongs together once files and options are read. Error: kConfigInvalid.
core::Status CheckConfig(const Config& config);

core::ExposurePolicy ExposureOf(const Config& config, const Surroundings& surroundings);

/// Every key as "section.key", e.g. for the test that the reference describes each.
std::vector<std::string> ConfigKeys();

}  // namespace migrationd::host

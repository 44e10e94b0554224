#pragma once

#include <optional>
#include <string>
#include <variant>

namespace migrationd::host {

/// What the command line says. Absent: the configuration decides.
struct Options {
  std::optional<std::string> config;
  std::optional<std::string> migrations;
  std::optional<std::string> state;
  std::optional<std::string> socket;
  std::optional<std::string> python;
  bool check_config = false;
  /// A connected socket to serve instead of listening; the daemon ends with it. For `telec migrate
  /// --local`.
  std::optional<int> private_fd;
};

/// The options, or the code to exit with: help and mistakes have been printed then.
std::variant<Options, int> ParseOptions(int argc, char** argv);

}  // namespace migrationd::host

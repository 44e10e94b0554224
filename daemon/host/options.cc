#include "daemon/host/options.h"

#include <CLI/CLI.hpp>

namespace migrationd::host {
namespace {

constexpr int kUsage = 64;  // EX_USAGE, sysexits.h

}  // namespace

std::variant<Options, int> ParseOptions(int argc, char** argv) {
  CLI::App app("Runs a host's migrations, and answers `telec migrate` on a Unix socket.",
               "migrationd");
  Options options;
  app.add_option("--config", options.config, "TOML file instead of the default one")
      ->type_name("FILE");
  app.add_option("--migrations", options.migrations, "The migrations directory")->type_name("DIR");
  app.add_option("--state", options.state, "The state file")->type_name("FILE");
  app.add_option("--socket", options.socket, "Where to listen")->type_name("PATH");
  app.add_option("--python", options.python, "The interpreter for the scripts")->type_name("PATH");
  app.add_flag("--check-config", options.check_config, "Check the configuration and exit");
  app.add_option("--private", options.private_fd, "Serve one connected socket and end with it")
      ->type_name("FD");
  app.set_version_flag("--version", std::string("migrationd ") + MIGRATIOND_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : kUsage;
  }
  return options;
}

}  // namespace migrationd::host

#include "daemon/host/config.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "daemon/core/version.h"

namespace migrationd::host {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

core::Error Invalid(std::string message, std::string hint) {
  return core::Error{core::Reason::kConfigInvalid, std::move(message), std::move(hint)};
}

}  // namespace

Surroundings ReadSurroundings() {
  return Surroundings{geteuid() == 0, Environment("HOME"), Environment("XDG_CONFIG_HOME"),
                      Environment("XDG_RUNTIME_DIR"), Environment("STATE_DIRECTORY")};
}

Config DefaultConfig(const Surroundings& surroundings) {
  Config config;
  if (!surroundings.state_directory.empty()) {
    config.state = surroundings.state_directory + "/migration_state.json";
  } else if (surroundings.is_root) {
    config.state = "/var/lib/migrationd/migration_state.json";
  } else {
    config.state = surroundings.home + "/.teleclaude/migration_state.json";
  }
  const std::string run = surroundings.is_root ? "/run" : surroundings.runtime_directory;
  if (!run.empty()) config.socket = run + "/migrationd/migrationd.sock";
  return config;
}

std::string DefaultConfigPath(const Surroundings& surroundings) {
  if (surroundings.is_root) return "/etc/migrationd/migrationd.toml";
  const std::string base =
      surroundings.config_home.empty() ? surroundings.home + "/.config" : surroundings.config_home;
  return base + "/migrationd/migrationd.toml";
}

core::Result<std::optional<std::string>> LoadConfigFile(const std::string& path, bool required) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int error = errno;
    if (error == ENOENT && !required) return std::optional<std::string>();
    return Invalid("cannot read the configuration '" + path + "': " + std::strerror(error),
                   "Give a readable file with --config.");
  }
  std::ostringstream text;
  // Inserting nothing would count as a failure.
  if (file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  if (file.bad() || text.fail()) {
    return Invalid("cannot read the configuration '" + path + "': it is no regular file",
                   "Give a TOML file.");
  }
  return std::optional(text.str());
}

core::Status CheckConfig(const Config& config) {
  if (config.migrations.empty()) {
    return Invalid("no migrations directory is configured",
                   "Give --migrations DIR, or `migrations` under [daemon] in the configuration.");
  }
  if (!core::Version::Parse(config.initial_version)) {
    return Invalid("`daemon.initial_version` is no version: '" + config.initial_version +
                       "' does not follow PEP 440",
                   "Give one like 1.4.0, or leave it out.");
  }
  if (!config.exposure.empty() && config.exposure != "refuse" && config.exposure != "warn" &&
      config.exposure != "ignore") {
    return Invalid("`daemon.exposure` is '" + config.exposure + "'",
                   "It is refuse, warn or ignore.");
  }
  if (config.timeout_seconds == 0) {
    return Invalid("`scripts.timeout_seconds` is 0: no script could ever end in time",
                   "Give at least 1.");
  }
  if (config.python.empty() || config.python[0] != '/') {
    return Invalid("`scripts.python` is '" + config.python + "': not an absolute path",
                   "Give the interpreter's whole path, such as /usr/bin/python3.");
  }
  return core::Ok();
}

core::ExposurePolicy ExposureOf(const Config& config, const Surroundings& surroundings) {
  if (config.exposure == "ignore") return core::ExposurePolicy::kIgnore;
  if (config.exposure == "warn") return core::ExposurePolicy::kWarn;
  if (config.exposure == "refuse" || surroundings.is_root) return core::ExposurePolicy::kRefuse;
  return core::ExposurePolicy::kWarn;
}

}  // namespace migrationd::host

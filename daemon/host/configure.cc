#include "daemon/host/configure.h"

#include <filesystem>

namespace migrationd::host {
namespace {

void Override(std::string& setting, const std::optional<std::string>& option) {
  if (option) setting = *option;
}

/// Scripts may run elsewhere: what was meant from here must stay what it is.
void MakeAbsolute(std::string& path) {
  if (!path.empty()) path = std::filesystem::absolute(path).lexically_normal().string();
}

}  // namespace

core::Result<Config> Configure(const Options& options, const Surroundings& surroundings) {
  Config config = DefaultConfig(surroundings);
  // A private daemon is a person's, whoever he is: the system's state is the system service's.
  if (options.private_fd) config.state = surroundings.home + "/.teleclaude/migration_state.json";
  const std::string path = options.config.value_or(DefaultConfigPath(surroundings));
  const auto text = LoadConfigFile(path, options.config.has_value());
  if (!text) return text.error();
  if (*text) {
    if (const auto read = ReadConfig(**text, path, config); !read) return read.error();
  }
  Override(config.migrations, options.migrations);
  Override(config.state, options.state);
  Override(config.socket, options.socket);
  Override(config.python, options.python);
  MakeAbsolute(config.migrations);
  MakeAbsolute(config.state);
  MakeAbsolute(config.working_directory);
  // A private daemon belongs to one command; its log is that command's stderr.
  if (options.private_fd && config.log_level == "info") config.log_level = "warn";
  if (const auto checked = CheckConfig(config); !checked) return checked.error();
  return config;
}

}  // namespace migrationd::host

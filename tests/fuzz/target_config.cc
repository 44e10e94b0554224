#include <string>

#include "daemon/host/config.h"
#include "tests/fuzz/targets.h"

namespace migrationd::fuzz {

/// A configuration file.
void FuzzConfig(std::string_view bytes) {
  host::Config config;
  const core::Status read = host::ReadConfig(bytes, "migrationd.toml", config);
  if (!read) {
    Require(read.error().reason == core::Reason::kConfigInvalid, "it is the configuration's fault");
    Require(read.error().message.find("migrationd.toml") != std::string::npos,
            "the message names the file");
    Require(!read.error().hint.empty(), "the message says what to do");
    return;
  }
  host::Config again;
  Require(host::ReadConfig(bytes, "migrationd.toml", again).ok(), "what was read is read again");
  static_cast<void>(host::CheckConfig(config).ok());
}

}  // namespace migrationd::fuzz

#pragma once

#include <string>
#include <vector>

#include "tests/client/fake_daemon.h"
#include "tests/support/process.h"

namespace telec::testing {

using migrationd::support::Exit;
using migrationd::support::Finished;
using migrationd::support::Launch;
using migrationd::support::Process;

/// The real program with these arguments after "telec", told to look for `daemon`.
inline Launch Telec(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), MIGRATIOND_BIN_DIR "/telec");
  return Launch{.command = std::move(arguments)};
}

inline Launch Telec(const FakeDaemon& daemon, std::vector<std::string> arguments) {
  Launch launch = Telec(std::move(arguments));
  launch.environment["TELEC_HOST"] = daemon.socket();
  return launch;
}

inline Finished RunTelec(const FakeDaemon& daemon, std::vector<std::string> arguments) {
  return migrationd::support::Execute(Telec(daemon, std::move(arguments)));
}

inline Finished RunTelec(std::vector<std::string> arguments) {
  return migrationd::support::Execute(Telec(std::move(arguments)));
}

}  // namespace telec::testing

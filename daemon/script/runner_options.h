#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace migrationd::script {

/// How much of a script's output is kept: its beginning, streamed as it comes, and its end, which
/// is known only when the script has ended. What lies between is counted and dropped.
struct OutputLimits {
  std::size_t head_bytes = 768 * 1024;
  std::size_t tail_bytes = 256 * 1024;
};

/// How scripts are run; from the configuration.
struct RunnerOptions {
  std::string python = "/usr/bin/python3";         ///< Path of the interpreter, 3.8 or newer.
  std::vector<std::string> sys_path;               ///< Put behind the standard library's.
  std::map<std::string, std::string> environment;  ///< Set for scripts; wins over what is passed.
  /// Names passed on from the daemon's environment, beside the usual ones (see environment.h).
  std::vector<std::string> pass_environment;
  std::string working_directory;  ///< Empty: the daemon's own.

  std::chrono::seconds default_timeout{300};
  std::chrono::milliseconds kill_grace{10000};  ///< Between TERM and KILL.
  std::chrono::milliseconds start_timeout{
      30000};                             ///< For the interpreter's start, and each answer of it.
  std::chrono::milliseconds idle{60000};  ///< After Rest(), until the worker is let go.
  OutputLimits output;
};

}  // namespace migrationd::script

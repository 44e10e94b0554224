#pragma once

#include <string>
#include <vector>

#include "daemon/script/runner_options.h"

namespace migrationd::script {

/// The environment variable that marks every process of ours; its value is ScriptsLock::token().
inline constexpr const char* kMarkerVariable = "TELEC_DAEMON";

/// What a script sees of `own` ("NAME=value", the daemon's environment): PATH, HOME, USER, LOGNAME,
/// SHELL, LANG, LANGUAGE, LC_*, TZ, TMPDIR, XDG_* and the names in `options.pass_environment`; then
/// `options.environment`; then the marker, unless it is empty.
std::vector<std::string> ScriptEnvironment(const std::vector<std::string>& own,
                                           const RunnerOptions& options, const std::string& marker);

/// The process's environment.
std::vector<std::string> OwnEnvironment();

}  // namespace migrationd::script

#include "daemon/script/environment.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace migrationd::script {
namespace {

constexpr std::array<std::string_view, 9> kPassed = {"PATH", "HOME",     "USER", "LOGNAME", "SHELL",
                                                     "LANG", "LANGUAGE", "TZ",   "TMPDIR"};

bool IsPassed(std::string_view name, const RunnerOptions& options) {
  return std::find(kPassed.begin(), kPassed.end(), name) != kPassed.end() ||
         name.starts_with("LC_") || name.starts_with("XDG_") ||
         std::find(options.pass_environment.begin(), options.pass_environment.end(), name) !=
             options.pass_environment.end();
}

}  // namespace

std::vector<std::string> ScriptEnvironment(const std::vector<std::string>& own,
                                           const RunnerOptions& options,
                                           const std::string& marker) {
  std::map<std::string, std::string> variables;
  for (const std::string& variable : own) {
    const std::size_t equals = variable.find('=');
    if (equals == std::string::npos) continue;
    const std::string name = variable.substr(0, equals);
    if (IsPassed(name, options)) variables[name] = variable.substr(equals + 1);
  }
  for (const auto& [name, value] : options.environment) variables[name] = value;
  if (!marker.empty()) variables[kMarkerVariable] = marker;

  std::vector<std::string> environment;
  environment.reserve(variables.size());
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  return environment;
}

std::vector<std::string> OwnEnvironment() {
  std::vector<std::string> own;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    own.emplace_back(*variable);
  }
  return own;
}

}  // namespace migrationd::script

#include "client/find_program.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

#include "client/text/visible.h"

namespace telec {
namespace {

constexpr const char* kName = "migrationd";

bool IsProgram(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

std::vector<std::string> Candidates() {
  std::vector<std::string> candidates;
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (!failed) candidates.push_back(self.parent_path() / kName);
  const char* path = std::getenv("PATH");
  std::string_view left = path == nullptr ? "" : path;
  while (!left.empty()) {
    const std::size_t colon = std::min(left.find(':'), left.size());
    const std::string_view folder = left.substr(0, colon);
    left.remove_prefix(std::min(colon + 1, left.size()));
    // An empty entry means the working directory, from which nobody wants a daemon.
    if (!folder.empty()) candidates.push_back(std::filesystem::path(folder) / kName);
  }
  return candidates;
}

}  // namespace

Result<std::string> FindMigrationd() {
  const char* named = std::getenv("TELEC_MIGRATIOND");
  if (named != nullptr && *named != '\0') {
    if (IsProgram(named)) return std::string(named);
    return Error{
        "FAILED_PRECONDITION", "PRIVATE_DAEMON_FAILED",
        "TELEC_MIGRATIOND '" + MakeVisible(named) + "' is not a program that can be executed",
        "Unset it to use the migrationd that is installed beside telec."};
  }
  for (const std::string& candidate : Candidates()) {
    if (IsProgram(candidate)) return candidate;
  }
  return Error{"FAILED_PRECONDITION", "PRIVATE_DAEMON_FAILED",
               "--local needs the program migrationd, which is neither beside telec nor in PATH",
               "Install migrationd, or name it: TELEC_MIGRATIOND=/path/to/migrationd."};
}

}  // namespace telec

#include "client/session.h"

#include <optional>

#include "client/text/visible.h"

namespace telec {
namespace {

constexpr std::string_view kSafeInShell =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,";

/// POSIX sh, 2.2.2 Single-Quotes.
std::string Quoted(std::string_view word) {
  if (!word.empty() && word.find_first_not_of(kSafeInShell) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char character : word) {
    quoted += character == '\'' ? std::string("'\\''") : std::string(1, character);
  }
  return MakeVisible(quoted + "'");
}

}  // namespace

std::string CommandFor(const CommonOptions& options, std::string_view words) {
  std::string command = "telec migrate";
  if (!words.empty()) command.append(" ").append(words);
  const auto add = [&](std::string_view name, const std::optional<std::string>& value) {
    if (value) command.append(" ").append(name).append(" ").append(Quoted(*value));
  };
  add("--host", options.host);
  if (options.local) command += " --local";
  add("--config", options.config);
  add("--migrations", options.migrations);
  add("--state", options.state);
  return command;
}

}  // namespace telec

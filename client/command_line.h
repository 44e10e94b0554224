#pragma once

#include <span>
#include <string>
#include <variant>

#include "client/error.h"
#include "client/options.h"

namespace telec {

/// --help and --version: a text for stdout.
struct Information {
  std::string text;
};

/// What the arguments (without the program's name) ask for; docs/reference/cli.md. Errors are usage
/// errors.
Result<std::variant<Command, Information>> ParseCommandLine(std::span<const char* const> arguments);

/// Whether errors of a command line that does not parse are wanted in JSON.
bool AsksForJson(std::span<const char* const> arguments);

}  // namespace telec

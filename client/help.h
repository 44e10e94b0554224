#pragma once

#include <CLI/CLI.hpp>

namespace telec {

/// Has the help of `app` laid out as all of ours is. Its subcommands inherit that.
void LayOut(CLI::App& app);

/// What follows the options: exit codes, signals, examples.
void DescribeProgram(CLI::App& program);
void DescribeMigrate(CLI::App& migrate);

}  // namespace telec

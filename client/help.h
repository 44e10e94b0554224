#pragma once

#include <CLI/CLI.hpp>

namespace telec {

/// Descriptions, examples and layout of the help that CLI11 makes from the options.
void DescribeProgram(CLI::App& program);
void DescribeMigrate(CLI::App& migrate);

}  // namespace telec

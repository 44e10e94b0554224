#pragma once

#include <string>

namespace migrationd::script {

/// A wait status in words: "ended with exit code 3", "was killed by SIGSEGV (Segmentation fault)".
std::string DescribeStatus(int status);

}  // namespace migrationd::script

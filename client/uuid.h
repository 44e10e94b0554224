#pragma once

#include <string>

namespace telec {

/// A random UUID: RFC 4122, version 4, lower case.
std::string NewUuid();

}  // namespace telec

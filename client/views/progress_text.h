#pragma once

#include <string>

#include "client/api.h"

namespace telec {

/// How far a script says it is, with a space in front: " [#####---------------] 25% 500/2000
/// notes". Its words are made visible.
std::string ProgressText(const api::ProgressReported& progress);

}  // namespace telec

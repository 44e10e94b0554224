#pragma once

#include <string>
#include <vector>

#include "client/api.h"
#include "client/text/style.h"

namespace telec {

/// The plan as a heading and a table: action, id, description. Recorded migrations are only
/// counted.
std::string PlanText(const api::Plan& plan, const Style& style);

/// What a person should know about the catalogue and the plan, a sentence or more each.
std::vector<std::string> PlanWarnings(const api::Plan& plan);

}  // namespace telec

#pragma once

#include <string>

#include "client/api.h"
#include "client/session.h"
#include "client/text/style.h"

namespace telec {

/// Where the host stands, for a person: version, what is going on, what went wrong, what to do.
std::string StatusText(const api::HostStatus& status, const CommonOptions& options,
                       const Style& style);

}  // namespace telec

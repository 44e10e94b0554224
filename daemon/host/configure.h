#pragma once

#include "daemon/core/result.h"
#include "daemon/host/config.h"
#include "daemon/host/options.h"

namespace migrationd::host {

/// The configuration in force: defaults, the file over them, the command line over that; checked.
/// Error: kConfigInvalid.
core::Result<Config> Configure(const Options& options, const Surroundings& surroundings);

}  // namespace migrationd::host

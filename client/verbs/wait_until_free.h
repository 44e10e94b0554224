#pragma once

#include <chrono>

#include "client/error.h"
#include "client/service.h"
#include "client/session.h"

namespace telec {

/// Waits until no run is going on, by watching the one that is, and tells so. Error
/// RUN_IN_PROGRESS: not before `deadline`.
Result<bool> WaitUntilFree(Service& service, std::chrono::steady_clock::time_point deadline,
                           Session& session);

}  // namespace telec

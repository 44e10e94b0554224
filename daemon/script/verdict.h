#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "daemon/core/ports.h"
#include "daemon/script/worker_messages.h"

namespace migrationd::script {

/// Why a script was ended before it ended by itself.
enum class BreakOff { kNone, kStopped, kTimedOut };

/// What is known of a script whose process is gone.
struct Evidence {
  std::optional<Message> report;            ///< 'R' or 'F'; see worker_messages.h.
  std::optional<int> status;                ///< Wait status; asked for only without a report.
  core::Phase phase = core::Phase::kStart;  ///< In which the process was when it ended.
  BreakOff break_off = BreakOff::kNone;
  std::chrono::seconds timeout{0};
  std::string last_output;
};

using Verdict = decltype(core::ScriptEnd::how);

/// What came of it. A script that reported its success succeeded, whatever befell its process
/// afterwards.
Verdict Judge(Evidence evidence);

/// A failure before there was a process.
core::Failure StartFailure(const core::Error& error);

}  // namespace migrationd::script

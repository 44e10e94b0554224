#include "client/exit_code.h"

#include <array>
#include <string_view>

namespace telec {
namespace {

struct Row {
  std::string_view name;
  ExitCode code;
};

/// A reason says more than a code. What is not here is a refusal: the host's condition, not the
/// request's form.
constexpr std::array kByReason = {
    Row{"USAGE", ExitCode::kUsage},
    Row{"INVALID_ARGUMENT", ExitCode::kUsage},
    Row{"INVALID_VERSION", ExitCode::kUsage},
    Row{"RUN_IN_PROGRESS", ExitCode::kBusy},
    Row{"PERMISSION_DENIED", ExitCode::kNotPermitted},
    Row{"DAEMON_UNREACHABLE", ExitCode::kUnreachable},
    Row{"CONTACT_LOST", ExitCode::kUnreachable},
    Row{"SHUTTING_DOWN", ExitCode::kUnreachable},
};

/// Errors without a reason: the transport's, or those of a daemon that does not know the call.
constexpr std::array kByCode = {
    Row{"UNAVAILABLE", ExitCode::kUnreachable},
    Row{"DEADLINE_EXCEEDED", ExitCode::kUnreachable},
    Row{"PERMISSION_DENIED", ExitCode::kNotPermitted},
    Row{"UNAUTHENTICATED", ExitCode::kNotPermitted},
    Row{"INVALID_ARGUMENT", ExitCode::kUsage},
};

template <typename Table>
ExitCode Find(const Table& table, std::string_view name) {
  for (const Row& row : table) {
    if (row.name == name) return row.code;
  }
  return ExitCode::kRefused;
}

}  // namespace

ExitCode ExitCodeOf(const Error& error) {
  return error.reason.empty() ? Find(kByCode, error.code) : Find(kByReason, error.reason);
}

ExitCode ExitCodeOf(api::RunOutcome outcome) {
  switch (outcome) {
    case api::RUN_OUTCOME_SUCCEEDED:
      return ExitCode::kDone;
    case api::RUN_OUTCOME_CANCELLED:
    case api::RUN_OUTCOME_INTERRUPTED:
      return ExitCode::kStopped;
    default:
      return ExitCode::kFailed;
  }
}

}  // namespace telec

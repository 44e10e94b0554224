#pragma once

#include "client/api.h"
#include "client/error.h"

namespace telec {

/// What the command tells the shell; docs/reference/cli.md.
enum class ExitCode {
  kDone = 0,          ///< Done, or nothing to do.
  kFailed = 1,        ///< A migration failed.
  kPending = 2,       ///< Changes are pending; only with --detailed-exitcode.
  kUnreachable = 3,   ///< No daemon could be reached, or contact with the run was lost for good.
  kNotPermitted = 4,  ///< The daemon, or the file system, does not let this user.
  kStopped = 5,       ///< The run was cancelled or interrupted.
  kRefused = 6,  ///< Asked properly, refused: plan moved, out of order, bad catalogue, bad state …
  kUsage = 64,   ///< The command makes no sense by itself.
  kBusy = 75,    ///< Another run is going on; try later.
};

/// The code of a command that ended with `error`.
ExitCode ExitCodeOf(const Error& error);

/// The code of a command that saw a run to its end.
ExitCode ExitCodeOf(api::RunOutcome outcome);

}  // namespace telec

#pragma once

#include "client/error.h"
#include "client/exit_code.h"
#include "client/options.h"
#include "client/session.h"

namespace telec {

/// One function for each verb, in a file of its own. Each does the whole of it, shows what came of
/// it, and returns the exit code; what kept it from that is an error, which the caller shows.
Result<ExitCode> Migrate(const RunOptions& options, Session& session);
Result<ExitCode> ShowStatus(const StatusOptions& options, Session& session);
Result<ExitCode> ShowHistory(const HistoryOptions& options, Session& session);
Result<ExitCode> WatchRun(const WatchOptions& options, Session& session);
Result<ExitCode> ShowLogs(const LogsOptions& options, Session& session);
Result<ExitCode> CancelRun(const CancelOptions& options, Session& session);
Result<ExitCode> ResolveMigration(const ResolveOptions& options, Session& session);
Result<ExitCode> SetBaseline(const BaselineOptions& options, Session& session);

}  // namespace telec

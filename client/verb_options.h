#pragma once

#include <CLI/CLI.hpp>

#include "client/options.h"

namespace telec {

/// The options of every verb, and those of each, as CLI11 has them. The targets must outlive `app`.
void AddCommonOptions(CLI::App& app, CommonOptions& to);
void AddRunOptions(CLI::App& app, RunOptions& to);
void AddHistoryOptions(CLI::App& app, HistoryOptions& to);
void AddWatchOptions(CLI::App& app, WatchOptions& to);
void AddLogsOptions(CLI::App& app, LogsOptions& to);
void AddCancelOptions(CLI::App& app, CancelOptions& to);
void AddResolveOptions(CLI::App& app, ResolveOptions& to);
void AddBaselineOptions(CLI::App& app, BaselineOptions& to);

}  // namespace telec

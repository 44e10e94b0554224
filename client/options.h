#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "client/api.h"

namespace telec {

enum class OutputFormat { kText, kJson };
enum class ColourMode { kAuto, kAlways, kNever };

/// What every verb takes.
struct CommonOptions {
  std::optional<std::string> host;    ///< Where the daemon listens; absent: looked for.
  bool local = false;                 ///< Start a private daemon instead.
  std::optional<std::string> config;  ///< For the private daemon; each only with `local`.
  std::optional<std::string> migrations;
  std::optional<std::string> state;
  OutputFormat output = OutputFormat::kText;
  ColourMode colour = ColourMode::kAuto;
};

struct RunOptions {
  std::optional<std::string> from;
  std::optional<std::string> to;
  bool dry_run = false;
  bool detailed_exit_code = false;
  bool out_of_order = false;
  bool recheck = false;
  bool probe = false;
  bool detach = false;
  std::optional<std::chrono::milliseconds> wait;  ///< How long to wait for another run to end.
};

struct StatusOptions {};

struct HistoryOptions {
  std::string run;  ///< Empty: the list of runs.
  unsigned limit = 20;
};

struct WatchOptions {
  std::string run;  ///< Empty, here and below: the current run, else the last one.
};

struct LogsOptions {
  std::string run;
  std::string migration;  ///< Empty: all of the run's.
  bool follow = false;
};

struct CancelOptions {
  std::string run;
  bool now = false;
};

struct ResolveOptions {
  std::string migration;
  api::Resolution resolution = api::RESOLUTION_UNSPECIFIED;
  std::string reason;
};

struct BaselineOptions {
  std::string version;
  std::string reason;
};

/// A command line that makes sense.
struct Command {
  CommonOptions common;
  std::variant<RunOptions, StatusOptions, HistoryOptions, WatchOptions, LogsOptions, CancelOptions,
               ResolveOptions, BaselineOptions>
      verb;
};

}  // namespace telec

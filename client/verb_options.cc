#include "client/verb_options.h"

#include <map>
#include <string>

#include "client/text/duration.h"

namespace telec {
namespace {

constexpr const char* kRunHelp =
    "A run: its id, or the number it begins with. Default: the current one, else the last";

/// An option whose value is kept only when it is given.
CLI::Option* AddText(CLI::App& app, const std::string& name, std::optional<std::string>& to,
                     const char* placeholder, const char* help) {
  return app
      .add_option_function<std::string>(
          name, [&to](const std::string& text) { to = text; }, help)
      ->option_text(placeholder);
}

/// An option that takes one of a few words.
template <typename Value>
CLI::Option* AddChoice(CLI::App& app, const std::string& name, Value& to,
                       const std::map<std::string, Value>& choices, const char* placeholder,
                       const char* help) {
  return app
      .add_option_function<std::string>(
          name, [&to, choices](const std::string& text) { to = choices.at(text); }, help)
      ->check(CLI::IsMember(choices))
      ->option_text(placeholder);
}

CLI::Option* AddResolution(CLI::App& app, const char* name, api::Resolution value,
                           ResolveOptions& to, const char* help) {
  return app
      .add_flag_callback(
          name, [&to, value] { to.resolution = value; }, help)
      ->group("As what (one of them is required)");
}

}  // namespace

void AddCommonOptions(CLI::App& app, CommonOptions& to) {
  constexpr const char* kWhere = "Which daemon";
  // A verb has options of its own and those of `migrate`: what they say together is checked when
  // all are read.
  AddText(app, "--host", to.host, "ADDRESS",
          "Socket of the daemon: /path, unix:/path or host:port. Default: TELEC_HOST, else the "
          "user's socket, else the system's")
      ->group(kWhere);
  app.add_flag("--local", to.local, "No daemon: start a private one for this command")
      ->group(kWhere);
  AddText(app, "--migrations", to.migrations, "DIR", "With --local: the migrations directory")
      ->group(kWhere);
  AddText(app, "--state", to.state, "FILE", "With --local: the state file")->group(kWhere);
  AddText(app, "--config", to.config, "FILE", "With --local: the configuration of migrationd")
      ->group(kWhere);

  constexpr const char* kShown = "How it is shown";
  AddChoice<OutputFormat>(app, "-o,--output", to.output,
                          {{"text", OutputFormat::kText}, {"json", OutputFormat::kJson}},
                          "text|json",
                          "json: one document for a question, one line for each event of a run; "
                          "everything on stderr is JSON Lines too")
      ->group(kShown);
  AddChoice<ColourMode>(
      app, "--color", to.colour,
      {{"auto", ColourMode::kAuto}, {"always", ColourMode::kAlways}, {"never", ColourMode::kNever}},
      "auto|always|never", "auto: on a terminal, unless NO_COLOR is set or TERM is dumb")
      ->group(kShown);
}

void AddRunOptions(CLI::App& app, RunOptions& to) {
  constexpr const char* kWhat = "What is run";
  AddText(app, "--from", to.from, "VERSION",
          "Only what is above this version. Default: the current one")
      ->group(kWhat);
  AddText(app, "--to", to.to, "VERSION", "Nothing above this version. Default: the latest")
      ->group(kWhat);
  app.add_flag("--out-of-order", to.out_of_order,
               "Also what is at or below the current version and not recorded")
      ->group(kWhat);
  app.add_flag("--recheck", to.recheck,
               "Ask check() of recorded migrations, and report what no longer holds")
      ->group(kWhat);
  app.add_flag("--probe", to.probe,
               "Ask check() of pending migrations for the plan; migrate() is not called")
      ->group(kWhat);

  constexpr const char* kHow = "How it is run";
  CLI::Option* dry_run =
      app.add_flag("-n,--dry-run", to.dry_run, "Show the plan, run nothing")->group(kHow);
  app.add_flag("--detailed-exitcode", to.detailed_exit_code,
               "With --dry-run: exit code 2 when something is pending")
      ->group(kHow);
  app.add_flag("--detach", to.detach, "Start the run, say how to watch it, and leave")
      ->group(kHow)
      ->excludes(dry_run);
  app.add_option_function<std::string>(
         "--wait", [&to](const std::string& text) { to.wait = ParseDuration(text); },
         "If another run is going on, wait so long for its end: 90, 30s, 10m, 1h30m")
      ->check([](const std::string& text) {
        return ParseDuration(text)
                   ? std::string()
                   : "'" + text + "' is not a duration such as 90, 30s, 10m or 1h30m";
      })
      ->option_text("DURATION")
      ->group(kHow)
      ->excludes(dry_run);
}

void AddHistoryOptions(CLI::App& app, HistoryOptions& to) {
  app.add_option("RUN", to.run, "Show this run's events instead of the list");
  app.add_option("--limit", to.limit, "How many runs are listed, the newest first. Default: 20")
      ->check(CLI::Range(1U, 1'000'000U))
      ->option_text("N");
}

void AddWatchOptions(CLI::App& app, WatchOptions& to) { app.add_option("RUN", to.run, kRunHelp); }

void AddLogsOptions(CLI::App& app, LogsOptions& to) {
  app.add_option("RUN", to.run, kRunHelp);
  app.add_option("MIGRATION", to.migration, "Only this migration's output, as in 1.1.0/001_x.py");
  app.add_flag("-f,--follow", to.follow, "Go on until the run ends");
}

void AddCancelOptions(CLI::App& app, CancelOptions& to) {
  app.add_option("RUN", to.run, "The run to stop. Default: the current one");
  app.add_flag("--now", to.now, "End the current migration: TERM to its processes, a grace, KILL");
}

void AddResolveOptions(CLI::App& app, ResolveOptions& to) {
  app.add_option("MIGRATION", to.migration, "Its id, as in 1.1.0/001_x.py")->required();
  CLI::Option* applied =
      AddResolution(app, "--applied", api::RESOLUTION_APPLIED, to, "Its effect is there");
  CLI::Option* skipped =
      AddResolution(app, "--skipped", api::RESOLUTION_SKIPPED, to, "It does not concern this host");
  AddResolution(app, "--pending", api::RESOLUTION_PENDING, to, "It is to run again")
      ->excludes(applied)
      ->excludes(skipped);
  applied->excludes(skipped);
  app.add_option("--reason", to.reason, "Why, for the history")
      ->required()
      ->option_text("TEXT (required)");
}

void AddBaselineOptions(CLI::App& app, BaselineOptions& to) {
  app.add_option("VERSION", to.version, "The version this host is at")->required();
  app.add_option("--reason", to.reason, "Why, for the history")->option_text("TEXT");
}

}  // namespace telec

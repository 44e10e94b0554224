#include "client/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "client/help.h"
#include "client/suggest.h"
#include "client/text/visible.h"
#include "client/verb_options.h"

namespace telec {
namespace {

constexpr const char* kVersionText = "telec " TELEC_VERSION;

/// The program as CLI11 sees it, and where it puts what it reads.
struct Grammar {
  Grammar() {
    LayOut(program);
    Finish(program);
    program.set_version_flag("--version", kVersionText, "Print the version and exit");
    migrate = program.add_subcommand(
        "migrate",
        "Shows the plan, runs it on this host's migrationd, streams progress and results");
    Finish(*migrate);
    AddRunOptions(*migrate, run);
    AddCommonOptions(*migrate, common);
    Add("status", "Where this host stands: version, pending, failures");
    AddHistoryOptions(*Add("history", "What was run, by whom, and how it ended"), history);
    AddWatchOptions(*Add("watch", "Follow a run, from its beginning to its end"), watch);
    AddLogsOptions(*Add("logs", "What the scripts of a run printed"), logs);
    AddCancelOptions(*Add("cancel", "Stop a run after its current migration, or now"), cancel);
    AddResolveOptions(*Add("resolve", "Settle one migration by hand"), resolve);
    AddBaselineOptions(
        *Add("baseline", "Say which version this host is at, without running anything"), baseline);
    for (CLI::App* verb : migrate->get_subcommands({})) AddCommonOptions(*verb, common);
    DescribeMigrate(*migrate);
    DescribeProgram(program);
  }

  CLI::App* Add(const char* name, const char* description) {
    CLI::App* verb = migrate->add_subcommand(name, description);
    Finish(*verb);
    return verb;
  }

  static void Finish(CLI::App& app) {
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.group("Commands");
  }

  CLI::App program{"Takes a deployment from one version to the next", "telec"};
  CLI::App* migrate = nullptr;
  CommonOptions common;
  RunOptions run;
  HistoryOptions history;
  WatchOptions watch;
  LogsOptions logs;
  CancelOptions cancel;
  ResolveOptions resolve;
  BaselineOptions baseline;
};

/// `--dry-run status`: options of a run before a verb that has none of them.
std::optional<Error> MisplacedRunOption(const CLI::App& migrate, const std::string& verb) {
  CLI::App reference;
  RunOptions ignored;
  AddRunOptions(reference, ignored);
  for (const CLI::Option* option : reference.get_options()) {
    const std::string name = option->get_name(false, true);
    const CLI::Option* given = migrate.get_option_no_throw("--" + option->get_lnames().front());
    if (option->get_lnames().front() != "help" && given != nullptr && given->count() > 0) {
      return UsageError("'" + name + "' has no meaning for '" + verb + "'",
                        "telec migrate " + verb + " --help lists the options of '" + verb + "'.");
    }
  }
  return std::nullopt;
}

Command CommandOf(Grammar& grammar, const std::string& verb) {
  LogsOptions& logs = grammar.logs;
  // `logs 1.1.0/001_x.py`: only a migration has a slash.
  if (logs.migration.empty() && logs.run.find('/') != std::string::npos) {
    logs.migration = std::exchange(logs.run, "");
  }
  CommonOptions& common = grammar.common;
  if (verb == "status") return {common, StatusOptions{}};
  if (verb == "history") return {common, grammar.history};
  if (verb == "watch") return {common, grammar.watch};
  if (verb == "logs") return {common, logs};
  if (verb == "cancel") return {common, grammar.cancel};
  if (verb == "resolve") return {common, grammar.resolve};
  if (verb == "baseline") return {common, grammar.baseline};
  return {common, grammar.run};
}

std::optional<Error> NotUtf8(std::span<const char* const> arguments) {
  for (const std::string_view argument : arguments) {
    if (IsUtf8(argument)) continue;
    return UsageError("the argument '" + MakeVisible(argument) + "' is not UTF-8",
                      "Set the terminal's encoding to UTF-8.");
  }
  return std::nullopt;
}

/// The subcommand that the words lead to.
const CLI::App& Innermost(const CLI::App& app) {
  const CLI::App* innermost = &app;
  while (!innermost->get_subcommands().empty()) innermost = innermost->get_subcommands().front();
  return *innermost;
}

/// "telec migrate", for "telec migrate status".
std::string ParentsOf(const CLI::App& app) {
  std::string names;
  for (const CLI::App* each = app.get_parent(); each != nullptr; each = each->get_parent()) {
    names.insert(0, each->get_name() + (names.empty() ? "" : " "));
  }
  return names;
}

/// A word that nothing knows.
Error Unknown(const std::string& word, const CLI::App& app, const std::string& hint) {
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  for (const CLI::App* verb : app.get_subcommands({})) known.push_back(verb->get_name());
  const std::string meant = Suggest(word.substr(0, word.find('=')), known);
  return UsageError("'" + MakeVisible(word) + "' is not known here" +
                        (meant.empty() ? "" : "; did you mean '" + meant + "'?"),
                    hint);
}

std::optional<Error> ContradictionOfCommon(const CommonOptions& common) {
  if (common.local && common.host) {
    return UsageError("--local and --host exclude each other: a private daemon has no address",
                      "Leave one of them out.");
  }
  const std::pair<const char*, const std::optional<std::string>&> of_private[] = {
      {"--migrations", common.migrations}, {"--state", common.state}, {"--config", common.config}};
  for (const auto& [name, value] : of_private) {
    if (!value || common.local) continue;
    return UsageError(std::string(name) + " is for --local: a daemon has its own configuration",
                      "Add --local, or change migrationd.toml.");
  }
  return std::nullopt;
}

/// What CLI11 does not check.
std::optional<Error> Contradiction(const Grammar& grammar, const std::string& verb) {
  if (auto error = ContradictionOfCommon(grammar.common)) return error;
  if (!verb.empty()) {
    if (auto error = MisplacedRunOption(*grammar.migrate, verb)) return error;
  }
  if (verb == "resolve" && grammar.resolve.resolution == api::RESOLUTION_UNSPECIFIED) {
    return UsageError("resolve needs --applied, --skipped or --pending",
                      "telec migrate resolve --help tells what they mean.");
  }
  if (grammar.run.detach && grammar.common.local) {
    return UsageError(
        "--detach and --local exclude each other: a private daemon ends with its command",
        "Start migrationd to run in the background.");
  }
  return std::nullopt;
}

}  // namespace

Result<std::variant<Command, Information>> ParseCommandLine(
    std::span<const char* const> arguments) {
  using Parsed = std::variant<Command, Information>;
  if (const auto error = NotUtf8(arguments)) return *error;
  Grammar grammar;
  // CLI11 takes them from the back.
  std::vector<std::string> words(arguments.rbegin(), arguments.rend());
  try {
    grammar.program.parse(words);
  } catch (const CLI::CallForHelp&) {
    const CLI::App& app = Innermost(grammar.program);
    return Parsed(Information{app.help(ParentsOf(app))});
  } catch (const CLI::CallForVersion&) {
    return Parsed(Information{std::string(kVersionText) + "\n"});
  } catch (const CLI::ParseError& error) {
    const CLI::App& app = Innermost(grammar.program);
    const std::string names = app.get_parent() == nullptr ? "" : ParentsOf(app) + " ";
    const std::string hint = names + app.get_name() + " --help tells how it is used.";
    const std::vector<std::string> extras = grammar.program.remaining(true);
    if (!extras.empty()) return Unknown(extras.front(), app, hint);
    return UsageError(MakeVisible(error.what()), hint);
  }
  if (!grammar.migrate->parsed()) {
    return UsageError("a command is missing", "Try: telec migrate --dry-run, or telec --help.");
  }
  const CLI::App& app = Innermost(grammar.program);
  const std::string verb = &app == grammar.migrate ? "" : app.get_name();
  if (const auto error = Contradiction(grammar, verb)) return *error;
  return Parsed(CommandOf(grammar, verb));
}

bool AsksForJson(std::span<const char* const> arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (word == "-ojson" || word == "--output=json" || word == "-o=json") return true;
    const bool is_name = word == "-o" || word == "--output";
    if (is_name && i + 1 < arguments.size() && std::string_view(arguments[i + 1]) == "json")
      return true;
  }
  return false;
}

}  // namespace telec

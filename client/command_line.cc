#include "client/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "client/help.h"
#include "client/text/visible.h"
#include "client/verb_options.h"

namespace telec {
namespace {

constexpr const char* kVersionText = "telec " TELEC_VERSION;

/// The program as CLI11 sees it, and where it puts what it reads.
struct Grammar {
  Grammar() {
    DescribeProgram(program);
    Finish(program);
    program.set_version_flag("--version", kVersionText, "Print the version and exit");
    migrate = program.add_subcommand("migrate", "Run migrations, and look after them");
    AddRunOptions(*migrate, run);
    AddCommonOptions(*migrate, common);
    DescribeMigrate(*migrate);
    Finish(*migrate);
    Add("status", "Where this host stands: version, pending, failures");
    AddHistoryOptions(*Add("history", "What was run, by whom, and how it ended"), history);
    AddWatchOptions(*Add("watch", "Follow a run, from its beginning to its end"), watch);
    AddLogsOptions(*Add("logs", "What the scripts of a run printed"), logs);
    AddCancelOptions(*Add("cancel", "Stop a run after its current migration, or now"), cancel);
    AddResolveOptions(*Add("resolve", "Settle one migration by hand"), resolve);
    AddBaselineOptions(
        *Add("baseline", "Say which version this host is at, without running anything"), baseline);
    for (CLI::App* verb : migrate->get_subcommands({})) AddCommonOptions(*verb, common);
  }

  CLI::App* Add(const char* name, const char* description) {
    CLI::App* verb = migrate->add_subcommand(name, description);
    Finish(*verb);
    return verb;
  }

  static void Finish(CLI::App& app) {
    app.set_help_flag("-h,--help", "Print this help and exit");
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.get_formatter()->label("Subcommands", "Commands");
  }

  CLI::App program;
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
    return UsageError("the argument '" + MakeVisible(argument) + "' is not UTF-8");
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
  const CLI::App* innermost = &grammar.program;
  const auto chosen = [&] {
    while (!innermost->get_subcommands().empty()) innermost = innermost->get_subcommands().front();
    return innermost;
  };
  try {
    grammar.program.parse(words);
  } catch (const CLI::CallForHelp&) {
    std::string name = "telec";
    for (const CLI::App* app = chosen(); app->get_parent() != nullptr; app = app->get_parent()) {
      name.insert(5, " " + app->get_name());
    }
    return Parsed(Information{innermost->help(name)});
  } catch (const CLI::CallForVersion&) {
    return Parsed(Information{std::string(kVersionText) + "\n"});
  } catch (const CLI::ParseError& error) {
    std::string help = "telec --help";
    if (grammar.migrate->parsed()) help = "telec migrate --help";
    if (chosen() != &grammar.program && innermost != grammar.migrate) {
      help = "telec migrate " + innermost->get_name() + " --help";
    }
    return UsageError(MakeVisible(error.what()), help + " tells how it is used.");
  }
  if (!grammar.migrate->parsed()) {
    return UsageError("a command is missing", "Try: telec migrate --dry-run, or telec --help.");
  }
  std::string verb;
  if (chosen() != grammar.migrate) verb = innermost->get_name();
  if (!verb.empty()) {
    if (const auto error = MisplacedRunOption(*grammar.migrate, verb)) return *error;
  }
  if (grammar.run.detach && grammar.common.local) {
    return UsageError(
        "--detach and --local exclude each other: a private daemon ends with this command",
        "Start migrationd to run in the background.");
  }
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

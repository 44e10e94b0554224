#include "client/help.h"

#include <memory>
#include <string>

namespace telec {
namespace {

constexpr std::size_t kHelpColumn = 26;

constexpr const char* kMigrateFooter =
    "Exit codes:\n"
    "  0 done, or nothing to do    4 not permitted\n"
    "  1 a migration failed        5 cancelled or interrupted\n"
    "  2 changes are pending       6 refused: plan moved, out of order, bad catalogue, bad state\n"
    "    (--detailed-exitcode)    64 usage\n"
    "  3 daemon unreachable       75 busy: another run is going on\n"
    "\n"
    "Ctrl-C stops the run after its current migration, a second one stops it now. The run belongs "
    "to\n"
    "the daemon: a closed terminal or a lost connection changes nothing.\n"
    "\n"
    "Examples:\n"
    "  telec migrate --dry-run                  what would be run\n"
    "  telec migrate                            take this host to the latest version\n"
    "  telec migrate --to 1.3 --wait 10m        up to 1.3, after a run that is going on\n"
    "  telec migrate -o json | jq -c .event     every event, for a program\n"
    "  telec migrate --local --migrations DIR   without a daemon\n"
    "\n"
    "A daemon on another host: ssh -L /tmp/there.sock:/run/migrationd/migrationd.sock HOST,\n"
    "then telec migrate --host /tmp/there.sock.";

/// CLI11's layout with one blank line between sections, and without its words for what is plain to
/// see.
class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App* app, std::string name) const override {  // NOLINT
    std::string usage = "\nUsage: " + name;
    for (const CLI::Option* option : app->get_options()) {
      if (!option->get_positional()) continue;
      const std::string word = option->get_name(true, false);
      usage += option->get_required() ? " " + word : " [" + word + "]";
    }
    usage += " [OPTION]...";
    const auto verbs = app->get_subcommands({});
    // An option group is a subcommand without a name.
    for (const CLI::App* verb : verbs) {
      if (verb->get_name().empty()) continue;
      usage += "\n       " + name + " COMMAND [OPTION]...";
      break;
    }
    return usage + "\n";
  }
};

std::shared_ptr<CLI::FormatterBase> Layout() {
  auto formatter = std::make_shared<HelpFormatter>();
  formatter->column_width(kHelpColumn);
  formatter->label("Positionals", "Arguments");
  return formatter;
}

}  // namespace

void DescribeProgram(CLI::App& program) {
  program.description("Takes a deployment from one version to the next.");
  program.formatter(Layout());
  program.footer("telec migrate --help tells the rest.");
}

void DescribeMigrate(CLI::App& migrate) {
  migrate.description(
      "Shows the plan, runs it on the host's migrationd, and streams progress and results.");
  migrate.formatter(Layout());
  migrate.footer(kMigrateFooter);
}

}  // namespace telec

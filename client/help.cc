#include "client/help.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace telec {
namespace {

constexpr std::size_t kHelpColumn = 26;
constexpr std::size_t kHelpColumns = 98;

constexpr const char* kMigrateFooter =
    "Exit codes:\n"
    "  0  done, or nothing to do    4  not permitted\n"
    "  1  a migration failed        5  cancelled or interrupted\n"
    "  2  changes are pending       6  refused: plan moved, out of order, bad catalogue, bad "
    "state\n"
    "     (--detailed-exitcode)    64  usage\n"
    "  3  daemon unreachable       75  busy: another run is going on\n"
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

/// `text` in lines that end before kHelpColumns, from `column` on; the first continues a line that
/// is there.
std::string Wrapped(std::string_view text, std::size_t column) {
  std::string wrapped;
  std::size_t used = column;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (used != column && used + 1 + word.size() > kHelpColumns) {
      wrapped.append("\n").append(column, ' ');
      used = column;
    } else if (used != column) {
      wrapped += ' ';
      ++used;
    }
    wrapped += word;
    used += word.size();
  }
  return wrapped + "\n";
}

std::string Entry(std::string name, const std::string& description) {
  name.insert(0, "  ");
  if (name.size() + 2 > kHelpColumn) {
    name.append("\n").append(kHelpColumn, ' ');
  } else {
    name.append(kHelpColumn - name.size(), ' ');
  }
  return name + Wrapped(description, kHelpColumn);
}

std::string Usage(const CLI::App& app, const std::string& name) {
  std::string usage = "Usage: " + name;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    const std::string word = option->get_name(true, false);
    usage += option->get_required() ? " " + word : " [" + word + "]";
  }
  usage += " [OPTION]...\n";
  if (!app.get_subcommands({}).empty()) usage += "       " + name + " COMMAND [OPTION]...\n";
  return usage;
}

/// CLI11's sections, wrapped, with one blank line between them and without its remarks on what
/// needs what.
class Layout final : public CLI::Formatter {
 public:
  // NOLINTBEGIN(readability-identifier-naming): CLI11's names
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    std::string text = app->get_description() + ".\n\n" + Usage(*app, name) + make_positionals(app);
    for (const std::string& group : app->get_groups()) {
      const auto options = app->get_options([&](const CLI::Option* option) {
        return option->get_group() == group && option->nonpositional();
      });
      if (!options.empty()) text += make_group(group, false, options);
    }
    text += make_subcommands(app, mode);
    if (!app->get_footer().empty()) text += "\n" + app->get_footer() + "\n";
    return text;
  }

  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    std::string name = make_option_name(option, is_positional);
    if (const std::size_t comma = name.find(','); comma != std::string::npos)
      name.insert(comma + 1, " ");
    if (!option->get_option_text().empty()) name += " " + option->get_option_text();
    return Entry(std::move(name), option->get_description());
  }

  std::string make_subcommand(const CLI::App* sub) const override {
    return Entry(sub->get_name(), sub->get_description());
  }
  // NOLINTEND(readability-identifier-naming)
};

}  // namespace

void LayOut(CLI::App& app) {
  auto layout = std::make_shared<Layout>();
  layout->label("Positionals", "Arguments");
  app.formatter(layout);
}

void DescribeProgram(CLI::App& program) { program.footer("telec migrate --help tells the rest."); }

void DescribeMigrate(CLI::App& migrate) { migrate.footer(kMigrateFooter); }

}  // namespace telec

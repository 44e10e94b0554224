#include "tests/support/site.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace migrationd::support {
namespace {

std::string Indented(const std::string& statements) {
  std::string indented;
  std::istringstream lines(statements);
  for (std::string line; std::getline(lines, line);) indented += "    " + line + "\n";
  return indented;
}

/// Environment that the programs find their files by, so that nothing of the machine's own is used.
std::map<std::string, std::string> EnvironmentOf(const Site& site) {
  return {{"HOME", site / "home"}, {"XDG_RUNTIME_DIR", site / "run"}};
}

}  // namespace

Site::Site() {
  std::filesystem::create_directories(catalogue());
  std::filesystem::create_directories(*this / "home");
  Configure("daemon", "migrations = '" + catalogue() + "'");
  Configure("daemon", "state = '" + state() + "'");
  Configure("daemon", "socket = '" + socket() + "'");
  Configure("scripts", "working_directory = '" + directory_.path().string() + "'");
  Configure("scripts", "kill_grace_seconds = 1");
}

void Site::Add(const std::string& path, const Script& script) const {
  // "v1.2/001_a.py" to "a".
  const std::string stem = std::filesystem::path(path).stem().string();
  const std::string effect =
      script.effect.empty() ? stem.substr(stem.find('_') + 1) : script.effect;
  AddText(path, "\"\"\"" + script.description + "\"\"\"\nimport os\n" + script.module +
                    "\n\ndef check():\n    return os.path.exists('" + effect +
                    "')\n\n\ndef migrate():\n" + Indented(script.before) + "    open('" + effect +
                    "', 'w').close()\n    return True\n");
}

void Site::AddText(const std::string& path, std::string_view text) const {
  WriteFile(catalogue() + "/" + path, text);
}

void Site::Remove(const std::string& path) const {
  std::filesystem::remove_all(catalogue() + "/" + path);
}

void Site::Configure(std::string_view section, std::string_view line) {
  settings_.emplace_back(section, line);
  std::stable_sort(settings_.begin(), settings_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  WriteConfiguration();
}

void Site::WriteConfiguration() const {
  std::string text;
  std::string section;
  for (const auto& [name, line] : settings_) {
    if (section != name) text += "[" + name + "]\n";
    section = name;
    text += line + "\n";
  }
  WriteFile(*this / "migrationd.toml", text);
}

Launch Site::Local(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {MIGRATIOND_BIN_DIR "/telec", "migrate"});
  arguments.insert(arguments.end(), {"--local", "--config", *this / "migrationd.toml"});
  return Launch{.command = std::move(arguments), .environment = EnvironmentOf(*this)};
}

Launch Site::Telec(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), {MIGRATIOND_BIN_DIR "/telec", "migrate"});
  Launch launch{.command = std::move(arguments), .environment = EnvironmentOf(*this)};
  launch.environment["TELEC_HOST"] = socket();
  return launch;
}

Launch Site::Migrationd(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(),
                   {MIGRATIOND_BIN_DIR "/migrationd", "--config", *this / "migrationd.toml"});
  return Launch{.command = std::move(arguments), .environment = EnvironmentOf(*this)};
}

Daemon::Daemon(const Site& site) : process_(site.Migrationd()) {
  if (!process_.Says("listening on ")) {
    throw std::runtime_error("migrationd did not listen: " + process_.Errors());
  }
}

Exit Daemon::Stop() {
  process_.Signal(SIGTERM);
  return process_.Wait();
}

void Daemon::Kill() {
  process_.Signal(SIGKILL);
  process_.Wait();
}

Gate::Gate(const Site& site, std::string_view name) : path_(site / name) {
  if (mkfifo(path_.c_str(), 0600) != 0) throw std::runtime_error("mkfifo " + path_);
}

Gate::~Gate() {
  if (fd_ >= 0) close(fd_);
}

void Gate::AwaitArrival() {
  // Opens when the other side does; ctest's time-out is the limit.
  fd_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd_ < 0) throw std::runtime_error("open " + path_);
}

void Gate::Open() {
  close(fd_);
  fd_ = -1;
}

std::string Gate::Statement() const { return "open('" + path_ + "').read()"; }

}  // namespace migrationd::support

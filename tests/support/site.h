#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_directory.h"

namespace migrationd::support {

/// A script as text. Without a body, check() says True if the file `effect` is there and migrate()
/// makes it; `effect` and every path that a script names are relative to the site, which is its
/// working directory.
struct Script {
  std::string description = "Makes a file";
  std::string effect = {};  ///< Empty: the script's name without its number.
  std::string before =
      {};  ///< Statements of migrate() before it makes the effect, one a line, not indented.
  std::string module = {};  ///< Statements at module level.
};

/// A host with an installation to migrate: a catalogue, a place for the state, a configuration, and
/// the real programs.
class Site {
 public:
  Site();

  /// Adds `v<version>/<file>` with `script`'s text, or with exactly this text.
  void Add(const std::string& path, const Script& script = {}) const;
  void AddText(const std::string& path, std::string_view text) const;
  void Remove(const std::string& path) const;

  /// Appends to the configuration (TOML; the sections are daemon, scripts, limits).
  void Configure(std::string_view section, std::string_view line);

  /// The path of something on the site.
  std::string operator/(std::string_view name) const { return directory_ / name; }
  std::string catalogue() const { return directory_ / "migrations"; }
  std::string state() const { return directory_ / "state/migration_state.json"; }
  std::string socket() const { return directory_ / "d.sock"; }
  bool Has(std::string_view name) const { return std::filesystem::exists(*this / name); }

  /// `telec` with these arguments and a private daemon.
  Launch Local(std::vector<std::string> arguments) const;
  /// `telec` with these arguments, for the daemon at socket().
  Launch Telec(std::vector<std::string> arguments) const;
  /// `migrationd` with this site's configuration and these arguments besides.
  Launch Migrationd(std::vector<std::string> arguments = {}) const;

 private:
  void WriteConfiguration() const;

  const TempDirectory directory_;
  std::vector<std::pair<std::string, std::string>> settings_;
};

/// The site's daemon, listening; killed in the end, with everything that it started.
class Daemon {
 public:
  explicit Daemon(const Site& site);
  /// SIGTERM, and its end.
  Exit Stop();
  /// SIGKILL, and its end.
  void Kill();
  Process& process() { return process_; }

 private:
  Process process_;
};

/// A point that a script waits at until the test lets it go on. The script waits by Statement().
class Gate {
 public:
  Gate(const Site& site, std::string_view name);
  /// Waits until a script is there.
  void AwaitArrival();
  /// Lets it go on. Requires AwaitArrival.
  void Open();
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  /// The Python statement that waits here.
  std::string Statement() const;

 private:
  const std::string path_;
  int fd_ = -1;
};

}  // namespace migrationd::support

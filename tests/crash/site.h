#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace migrationd::crash {

/// The only source of chance in a test: the same seed gives the same choices.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// From `low` to `high`, both included.
  std::uint64_t Between(std::uint64_t low, std::uint64_t high) {
    return std::uniform_int_distribution<std::uint64_t>(low, high)(engine_);
  }
  bool Chance(unsigned percent) { return Between(1, 100) <= percent; }

 private:
  std::mt19937_64 engine_;
};

/// A folder with everything that a daemon needs and its scripts touch: configuration, catalogue,
/// state, journal. Removed with the object unless Keep() was called.
class Site {
 public:
  Site();
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string config() const { return path_ + "/migrationd.toml"; }
  [[nodiscard]] std::string socket() const { return path_ + "/socket"; }
  [[nodiscard]] std::string log() const { return path_ + "/daemon.log"; }
  [[nodiscard]] std::string journal() const { return path_ + "/journal"; }

  /// Adds a migration; ids must be added in their order.
  void AddMigration(const std::string& version, const std::string& file, const std::string& source);

  /// Adds `count` migrations of all kinds of crash_script.py, in a few versions.
  void AddCrashScripts(std::size_t count, Dice& dice);

  /// Writes a state in which `count` other migrations are recorded. Before any daemon.
  void RecordOthers(std::size_t count);

  /// "<version>/<file>" of everything that was added.
  [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }
  /// Ids whose mark, left by crash_script.py, is missing.
  [[nodiscard]] std::vector<std::string> WithoutMark() const;

  /// Leaves the folder for a person to look at.
  void Keep() { keep_ = true; }

 private:
  std::string path_;
  std::vector<std::string> ids_;
  bool keep_ = false;
};

/// The whole content; empty when it cannot be read.
std::string ReadWhole(const std::string& path);

}  // namespace migrationd::crash

#pragma once

#include <gtest/gtest.h>

#include <asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/ports.h"
#include "daemon/script/process_table.h"
#include "daemon/script/runner.h"
#include "daemon/script/scripts_lock.h"

namespace migrationd::script {

/// Hears what a script says.
class Listener : public core::ScriptListener {
 public:
  struct Progress {
    double done;
    double total;
    std::string message;
  };

  void OnOutput(core::OutputStream stream, std::string text) override;
  void OnProgress(double done, double total, std::string message) override;
  void OnEnd(core::ScriptEnd end) override;

  std::string printed;     // stdout.
  std::string complained;  // stderr.
  std::size_t longest_text = 0;
  std::vector<Progress> progress;
  std::optional<core::ScriptEnd> end;
  std::function<void()> on_output = [] {};
  std::function<void()> on_end = [] {};

  /// The failure, whatever the way it ended; an empty one when it ended well.
  core::Failure failure() const;  // NOLINT(readability-identifier-naming)
};

/// A runner on real Python, with a directory of its own.
class ScriptFixture : public ::testing::Test {
 public:
  ScriptFixture();
  ~ScriptFixture() override;

  /// Makes a new runner with `options`.
  void Restart();

  static core::Script MakeScript(std::string_view source);
  core::ScriptJob MakeJob(std::string_view source) const;

  /// Starts the script and waits for its end.
  Listener& Run(std::string_view source);
  Listener& Run(core::ScriptJob job);
  void Start(core::ScriptJob job);

  /// Runs the loop until `condition` holds; fails the test, and returns false, when it does not.
  bool WaitUntil(const std::function<bool()>& condition,
                 std::chrono::seconds limit = std::chrono::minutes(1));

  core::Result<std::vector<core::ScriptFacts>> Inspect(const std::vector<std::string>& sources);

  std::string Path(const std::string& name) const { return (directory / name).string(); }

  std::filesystem::path directory;
  asio::io_context io;
  RunnerOptions options;
  std::unique_ptr<ScriptsLock> lock;
  std::unique_ptr<Runner> runner;
  std::unique_ptr<Listener> listener;
};

template <typename How>
bool Ended(const Listener& listener) {
  return listener.end && std::holds_alternative<How>(listener.end->how);
}

/// Whether `pid` lives, as more than a zombie.
bool IsAlive(pid_t pid);

/// A migration whose effect is the file "effect" in the working directory.
inline constexpr const char* kTouch = R"(
import os
def check():
    return os.path.exists("effect")
def migrate():
    open("effect", "w").close()
    return True
)";

void WriteFile(const std::string& path, std::string_view content);
std::string ReadFile(const std::string& path);

}  // namespace migrationd::script

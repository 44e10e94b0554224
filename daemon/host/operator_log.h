#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "daemon/core/event.h"
#include "daemon/core/result.h"
#include "daemon/core/state.h"

namespace spdlog {
class logger;
}

namespace migrationd::host {

/// The operator's log on stderr: one more reader of events, and the words of the daemon itself.
/// When stderr is the journal ($JOURNAL_STREAM, systemd.exec(5)) each line has its priority in
/// front (sd-daemon(3)), else its time. Control characters are shown escaped. Any thread.
class OperatorLog {
 public:
  /// Level: "debug", "info", "warn", "error" or "off". Error (kConfigInvalid): another one. With
  /// `bare` lines are the words alone, for who shows them to a person.
  static core::Result<OperatorLog> Make(std::string_view level, bool bare = false);

  /// Messages may have several lines.
  void Info(std::string_view message) const;
  void Warn(std::string_view message) const;
  void Error(const core::Error& error) const;
  /// Starts and ends of runs and migrations, and what went wrong; output and progress are not for
  /// here. Always one line: what a script says cannot pass for another.
  void Event(const core::RunId& run, const core::Event& event) const;

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace migrationd::host

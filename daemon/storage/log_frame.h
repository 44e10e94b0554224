#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/event.h"

namespace migrationd::storage {

/// What the first line of a run log says beside its event, so that a lost or foreign log is
/// noticed.
struct LogHeader {
  std::string run;                 ///< The run's id: must agree with the file's name.
  std::uint64_t previous_run = 0;  ///< Number of the run before it; 0: there was none.
  /// Records that the state had before its first run, from a state file of the original; only with
  /// previous_run 0. They are in no log.
  std::uint64_t imported = 0;

  bool operator==(const LogHeader&) const = default;
};

/// One line of a run log, with its line feed:
/// {"sequence":N,"time":"…","event":"…",…,"synced":S,"crc":"xxxxxxxx"}. The CRC-32 covers all
/// before
/// `,"crc"`. `synced` is the highest sequence known to be on the disk when the line was written: a
/// later valid line proves that a damaged one up to there had been acknowledged.
std::string EncodeLine(const core::Event& event, std::uint64_t synced,
                       const LogHeader* header = nullptr);

/// A line whose checksum is right. Views into the line.
struct Frame {
  std::uint64_t sequence = 0;
  std::uint64_t synced = 0;
  std::string_view event;  ///< The event's name.
  std::string_view line;   ///< Without the line feed.

  /// Nothing follows.
  [[nodiscard]] bool IsTerminal() const { return event == "run_ended"; }
  /// False for what core::Apply(State) takes no notice of: those need not be parsed for the fold.
  [[nodiscard]] bool MattersToState() const;
  /// The same for core::Apply(RunSummary), which keeps but the number of the rest.
  [[nodiscard]] bool MattersToSummary() const;
};

/// Nothing when `line` (without line feed) is not whole and unchanged. Parses no JSON: the writer's
/// form is the only one.
std::optional<Frame> ParseFrame(std::string_view line);

/// The header of a log whose first line is `frame`; nothing when that is not a run's start.
std::optional<LogHeader> ReadHeader(const Frame& frame);

}  // namespace migrationd::storage

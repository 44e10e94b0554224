#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace migrationd::crash {

/// What the scripts of crash_script.py wrote down themselves, judged without asking the daemon.
struct JournalVerdict {
  /// migrate() was called although its effect was there.
  std::vector<std::string> again;
  /// Two executions were at work at the same time: the lock was found held, or an execution wrote
  /// after a later one had begun.
  std::vector<std::string> overlapping;
  std::uint64_t executions = 0;  ///< How often a migrate() was called.
};

/// Judges a journal: lines of "<word> <name> <execution>", where the words of an execution are
/// begin, again, step, end and overlap. A last line without a line feed is left out: its writer was
/// killed in the middle.
JournalVerdict Judge(std::string_view journal);

}  // namespace migrationd::crash

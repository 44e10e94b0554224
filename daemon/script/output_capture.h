#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "daemon/core/event.h"
#include "daemon/script/runner_options.h"

namespace migrationd::script {

/// What becomes of the bytes that one script prints. The first `head_bytes` are told at once, whole
/// lines where lines were written; of the rest the last `tail_bytes` are held back and told by
/// Finish(), after a line that says how much is missing between. Takes a bounded amount of memory,
/// whatever comes.
class OutputCapture {
 public:
  /// Valid UTF-8, never empty.
  using Sink = std::function<void(core::OutputStream, std::string text)>;

  OutputCapture(const OutputLimits& limits, Sink sink);

  void Write(core::OutputStream stream, std::string_view bytes);

  /// Tells what has been written of a line that is not complete, such as a prompt or a row of dots.
  void TellUnfinishedLines();
  bool HasUnfinishedLines() const;

  /// Tells what was held back. The last call but for the two below.
  void Finish();

  const core::OutputTotals& totals() const {
    return totals_;
  }  // NOLINT(readability-identifier-naming)

  /// The last lines of all, at most about 2 kB, for a failure's message.
  std::string LastOutput() const;

 private:
  struct Chunk {
    core::OutputStream stream;
    std::string bytes;
  };

  std::string& Unfinished(core::OutputStream stream);
  void Assemble(core::OutputStream stream, std::string_view bytes);
  void Tell(core::OutputStream stream, std::string_view bytes);
  void HoldBack(core::OutputStream stream, std::string_view bytes);
  void DropOldest();
  void BeginTail();
  void Remember(std::string_view bytes);

  OutputLimits limits_;
  Sink sink_;
  core::OutputTotals totals_;
  std::array<std::string, 2> unfinished_;  // By stream.
  std::deque<Chunk> tail_;
  std::size_t tail_size_ = 0;
  std::string recycled_;  // The memory of a chunk that was dropped.
  std::string last_;
};

}  // namespace migrationd::script

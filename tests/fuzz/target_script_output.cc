#include <array>
#include <string>

#include "daemon/core/text.h"
#include "daemon/core/utf8.h"
#include "daemon/script/output_capture.h"
#include "tests/fuzz/targets.h"

namespace migrationd::fuzz {
namespace {

using core::OutputStream;

constexpr script::OutputLimits kLimits{64, 48};

bool IsUtf8(std::string_view text) { return core::ValidUtf8Prefix(text) == text.size(); }

}  // namespace

/// Pairs of a byte that says how much is written and where to (63: tell what is unfinished), and
/// as many bytes.
void FuzzScriptOutput(std::string_view bytes) {
  std::array<std::string, 2> written;
  std::array<std::string, 2> told;
  script::OutputCapture capture(kLimits, [&](OutputStream stream, const std::string& text) {
    Require(!text.empty() && IsUtf8(text), "what is told is UTF-8, and not empty");
    told[stream == OutputStream::kStdout ? 0 : 1] += text;
  });
  std::size_t total = 0;
  while (!bytes.empty()) {
    const auto order = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (order % 64 == 63) {
      capture.TellUnfinishedLines();
      continue;
    }
    const std::string_view piece = bytes.substr(0, order % 64);
    bytes.remove_prefix(piece.size());
    if (piece.empty()) continue;
    const std::size_t stream = order / 64 % 2;
    capture.Write(stream == 0 ? OutputStream::kStdout : OutputStream::kStderr, piece);
    written[stream] += piece;
    total += piece.size();
  }
  capture.Finish();
  Require(IsUtf8(capture.LastOutput()), "the last words are UTF-8");
  Require(capture.totals().bytes == total, "every byte is counted");
  Require(capture.totals().dropped <= total, "no more is dropped than was written");
  if (capture.totals().dropped > 0) return;
  for (const std::size_t stream : {0U, 1U}) {
    if (IsUtf8(written[stream])) {
      Require(told[stream] == written[stream], "without a flood every byte is told, in its order");
    }
  }
}

}  // namespace migrationd::fuzz

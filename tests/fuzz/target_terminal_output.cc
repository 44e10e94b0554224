#include <string>

#include "client/text/utf8.h"
#include "client/text/visible.h"
#include "tests/fuzz/targets.h"

namespace migrationd::fuzz {
namespace {

/// What a terminal would obey, or what hides and reorders text: written down a second time, so
/// that a line lost from the table in visible.cc is noticed.
bool IsHarmful(std::uint32_t code, bool keep_lines) {
  if (code == '\t') return false;
  if (code == '\n') return !keep_lines;
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x61c || code == 0x200e ||
         code == 0x200f || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void Check(std::string_view bytes, bool keep_lines) {
  const std::string visible = telec::MakeVisible(bytes, keep_lines);
  Require(telec::IsUtf8(visible), "what is shown is UTF-8");
  Require(telec::MakeVisible(visible, keep_lines) == visible, "what is visible stays as it is");
  for (std::string_view rest = visible; !rest.empty();) {
    const auto character = telec::FirstCharacter(rest);
    Require(!IsHarmful(character->code, keep_lines), "nothing harmful is shown");
    rest.remove_prefix(character->bytes);
  }
  for (const std::size_t columns : {0U, 1U, 3U, 10U, 80U}) {
    const std::string shortened = telec::Shortened(visible, columns);
    Require(telec::ColumnsOf(shortened) <= columns, "what is shortened fits");
    Require(telec::IsUtf8(shortened), "no character is cut");
  }
}

}  // namespace

/// What a script might print.
void FuzzTerminalOutput(std::string_view bytes) {
  Check(bytes, false);
  Check(bytes, true);
}

}  // namespace migrationd::fuzz

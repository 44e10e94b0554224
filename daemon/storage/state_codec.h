#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "daemon/core/state.h"
#include "daemon/storage/sealed_pieces.h"

namespace migrationd::storage {

/// What a state file says.
struct Snapshot {
  core::State state;
  bool run_ended = false;  ///< The run of state.position has ended: its log is not needed any more.
  bool legacy = false;     ///< It came from the original's `{"applied": […]}`.
};

/// Why bytes are not a state file.
struct BadSnapshot {
  bool newer =
      false;        ///< A newer migrationd wrote it: an older generation must not be used instead.
  std::string why;  ///< "its checksum is wrong: at least one byte has changed".
};

/// The text of a state file; docs/reference/state-files.md is its description. It is written piece
/// by piece, for as a whole it is as large as what the daemon keeps of ten thousand migrations. Its
/// third line is the SHA-256 of all the others, so the piece that it begins with comes last. 0, or
/// the error of `write`.
int EncodeSnapshot(const core::State& state, bool run_ended, std::size_t piece_bytes,
                   const PieceWriter& write);

/// The same text in one.
std::string EncodeSnapshot(const core::State& state, bool run_ended);

/// Reads what EncodeSnapshot writes, and the original's form. Never takes anything else for a
/// state, an empty file least of all.
std::variant<Snapshot, BadSnapshot> DecodeSnapshot(std::string_view bytes);

}  // namespace migrationd::storage

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "daemon/storage/digest.h"

namespace migrationd::storage {

/// Takes a piece of a file, and the place in the file that it belongs to. 0 or errno; after an
/// error there are no more pieces.
using PieceWriter = std::function<int(std::string_view piece, std::uint64_t offset)>;

/// A text with a seal in it, the SHA-256 of all the rest, that is passed on in pieces while it
/// comes: of a long one only two pieces are in memory. The seal is known when the rest is, so the
/// piece that the text begins with is passed on last. A text of less than a piece is one.
class SealedPieces {
 public:
  /// A piece has `piece_bytes`, and more only by the rest of what was added last. `write` must
  /// outlive this.
  SealedPieces(const PieceWriter& write, std::size_t piece_bytes)
      : write_(write), piece_bytes_(piece_bytes) {}

  void Add(std::string_view text);
  /// Leaves a place for the seal; the first piece goes on until there is one. `form` makes its text
  /// of 64 hex digits; always as long.
  void AddSeal(std::string (*form)(const std::string& sha256));
  /// Passes on what is left. 0, or the error that a piece met.
  int Finish();

  /// Not 0: what is added now goes nowhere.
  [[nodiscard]] int error() const { return error_; }

 private:
  void Append(std::string_view text);
  void EndPiece();
  void PassOn(std::string_view piece, std::uint64_t offset);

  const PieceWriter& write_;
  const std::size_t piece_bytes_;
  Sha256 sha256_;
  std::string first_;  ///< Empty while it is being made.
  std::string piece_;
  std::uint64_t offset_ = 0;  ///< Of `piece_`.
  std::size_t seal_ = 0;      ///< Its place.
  std::string (*form_)(const std::string& sha256) = nullptr;
  int error_ = 0;
};

}  // namespace migrationd::storage

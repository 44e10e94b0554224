#include "daemon/storage/sealed_pieces.h"

namespace migrationd::storage {

void SealedPieces::Add(std::string_view text) {
  sha256_.Add(text);
  Append(text);
}

void SealedPieces::AddSeal(std::string (*form)(const std::string& sha256)) {
  form_ = form;
  seal_ = piece_.size();
  Append(form(HexOf({})));
}

int SealedPieces::Finish() {
  EndPiece();
  const std::string seal = form_(HexOf(sha256_.End()));
  first_.replace(seal_, seal.size(), seal);
  PassOn(first_, 0);
  return error_;
}

void SealedPieces::Append(std::string_view text) {
  piece_ += text;
  const bool is_sealed = form_ != nullptr;
  if (is_sealed && piece_.size() >= piece_bytes_) EndPiece();
}

void SealedPieces::EndPiece() {
  if (offset_ == 0) {
    first_.swap(piece_);
    offset_ = first_.size();
    return;
  }
  if (!piece_.empty()) PassOn(piece_, offset_);
  offset_ += piece_.size();
  piece_.clear();
}

void SealedPieces::PassOn(std::string_view piece, std::uint64_t offset) {
  if (error_ == 0) error_ = write_(piece, offset);
}

}  // namespace migrationd::storage

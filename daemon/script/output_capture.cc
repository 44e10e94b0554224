#include "daemon/script/output_capture.h"

#include <algorithm>
#include <utility>

#include "daemon/core/text.h"

namespace migrationd::script {
namespace {

using core::OutputStream;

// A line that is longer than this is told in pieces.
constexpr std::size_t kPieceBytes = 64 * 1024;
// What is held back is dropped in chunks of at most this.
constexpr std::size_t kChunkBytes = 16 * 1024;
// What a chunk takes beside its bytes: a script that alternates between its streams makes many
// small ones.
constexpr std::size_t kChunkOverhead = 64;
constexpr std::size_t kLastBytes = 2000;

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

/// Where to cut `bytes` so that no code point is cut that may be whole: its size, or up to three
/// less.
std::size_t CutBeforeUnfinishedCodePoint(std::string_view bytes) {
  const std::size_t lowest = bytes.size() - std::min<std::size_t>(bytes.size(), 4);
  for (std::size_t at = bytes.size(); at > lowest; --at) {
    const auto byte = static_cast<unsigned char>(bytes[at - 1]);
    if (IsContinuation(bytes[at - 1])) continue;
    const std::size_t length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    return at - 1 + length > bytes.size() ? at - 1 : bytes.size();
  }
  return bytes.size();
}

/// How much of the front is the rest of a line, or of a code point, that was cut off.
std::size_t FragmentAtFront(std::string_view bytes) {
  const std::size_t line_end = bytes.find('\n');
  if (line_end != std::string_view::npos && line_end + 1 < bytes.size()) return line_end + 1;
  std::size_t size = 0;
  while (size < bytes.size() && size < 3 && IsContinuation(bytes[size])) ++size;
  return size;
}

}  // namespace

OutputCapture::OutputCapture(const OutputLimits& limits, Sink sink)
    : limits_(limits), sink_(std::move(sink)) {}

void OutputCapture::Write(OutputStream stream, std::string_view bytes) {
  const std::size_t head_left =
      limits_.head_bytes - std::min<std::size_t>(limits_.head_bytes, totals_.bytes);
  totals_.bytes += bytes.size();
  Remember(bytes);
  if (head_left > 0) {
    Assemble(stream, bytes.substr(0, head_left));
    bytes.remove_prefix(std::min(head_left, bytes.size()));
  }
  if (!bytes.empty()) HoldBack(stream, bytes);
}

void OutputCapture::TellUnfinishedLines() {
  if (!HasUnfinishedLines()) return;
  for (const OutputStream stream : {OutputStream::kStdout, OutputStream::kStderr}) {
    std::string& unfinished = Unfinished(stream);
    const std::size_t size = CutBeforeUnfinishedCodePoint(unfinished);
    Tell(stream, std::string_view(unfinished).substr(0, size));
    unfinished.erase(0, size);
  }
}

bool OutputCapture::HasUnfinishedLines() const {
  // With something held back behind it, it is not known yet whether the line goes on.
  return tail_.empty() && (!unfinished_[0].empty() || !unfinished_[1].empty());
}

void OutputCapture::Finish() {
  BeginTail();
  while (!tail_.empty()) {
    const Chunk chunk = std::move(tail_.front());
    tail_.pop_front();
    Assemble(chunk.stream, chunk.bytes);
  }
  for (const OutputStream stream : {OutputStream::kStdout, OutputStream::kStderr}) {
    Tell(stream, std::exchange(Unfinished(stream), {}));
  }
}

std::string OutputCapture::LastOutput() const {
  std::string_view last = last_;
  if (last.size() > kLastBytes) {
    last.remove_prefix(last.size() - kLastBytes);
    last.remove_prefix(FragmentAtFront(last));
  }
  return core::ToValidUtf8(last);
}

std::string& OutputCapture::Unfinished(OutputStream stream) {
  return unfinished_[stream == OutputStream::kStdout ? 0 : 1];
}

void OutputCapture::Assemble(OutputStream stream, std::string_view bytes) {
  std::string& unfinished = Unfinished(stream);
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPieceBytes);
    bytes.remove_prefix(piece.size());
    const std::size_t line_end = piece.rfind('\n');
    unfinished += piece;
    std::size_t told = 0;
    if (line_end != std::string_view::npos) {
      told = unfinished.size() - (piece.size() - line_end - 1);
    } else if (unfinished.size() >= kPieceBytes) {
      told = CutBeforeUnfinishedCodePoint(unfinished);
    }
    Tell(stream, std::string_view(unfinished).substr(0, told));
    unfinished.erase(0, told);
  }
}

void OutputCapture::Tell(OutputStream stream, std::string_view bytes) {
  if (!bytes.empty()) sink_(stream, core::ToValidUtf8(bytes));
}

void OutputCapture::HoldBack(OutputStream stream, std::string_view bytes) {
  while (!bytes.empty()) {
    if (tail_.empty() || tail_.back().stream != stream ||
        tail_.back().bytes.size() >= kChunkBytes) {
      tail_.push_back({stream, std::exchange(recycled_, {})});
      tail_size_ += kChunkOverhead;
    }
    std::string& chunk = tail_.back().bytes;
    const std::string_view piece = bytes.substr(0, kChunkBytes - chunk.size());
    chunk += piece;
    tail_size_ += piece.size();
    bytes.remove_prefix(piece.size());
    DropOldest();
  }
}

void OutputCapture::DropOldest() {
  while (tail_.size() > 1 &&
         tail_size_ - tail_.front().bytes.size() - kChunkOverhead >= limits_.tail_bytes) {
    tail_size_ -= tail_.front().bytes.size() + kChunkOverhead;
    totals_.dropped += tail_.front().bytes.size();
    recycled_ = std::move(tail_.front().bytes);
    recycled_.clear();
    tail_.pop_front();
  }
}

void OutputCapture::BeginTail() {
  if (totals_.dropped == 0) return;
  Chunk& first = tail_.front();
  const std::size_t fragment = FragmentAtFront(first.bytes);
  first.bytes.erase(0, fragment);
  totals_.dropped += fragment;
  for (const OutputStream stream : {OutputStream::kStdout, OutputStream::kStderr}) {
    std::string& unfinished = Unfinished(stream);
    if (!unfinished.empty()) Tell(stream, std::exchange(unfinished, {}) + "\n");
  }
  Tell(first.stream, "[" + std::to_string(totals_.dropped) + " bytes are left out here]\n");
}

void OutputCapture::Remember(std::string_view bytes) {
  if (bytes.size() > kLastBytes) {
    last_.assign(bytes.substr(bytes.size() - kLastBytes - 1));
    return;
  }
  last_ += bytes;
  // Twice as much as is needed, so that it is not moved for each byte.
  if (last_.size() > 2 * kLastBytes) last_.erase(0, last_.size() - kLastBytes - 1);
}

}  // namespace migrationd::script

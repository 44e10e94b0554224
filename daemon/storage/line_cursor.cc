#include "daemon/storage/line_cursor.h"

#include <algorithm>

namespace migrationd::storage {
namespace {

constexpr std::uint64_t kChunk = std::uint64_t{64} << 10U;

}  // namespace

/// Appends a chunk to the buffer; false at the limit, at the end of the file, and after an error.
bool LineCursor::Fill() {
  buffer_.erase(0, used_);
  buffer_offset_ += used_;
  used_ = 0;
  const std::uint64_t offset = buffer_offset_ + buffer_.size();
  if (offset >= limit_) return false;
  // Doubling: a long line is looked through a few times, not once for each chunk.
  const std::uint64_t wanted = std::max<std::uint64_t>(kChunk, buffer_.size());
  Io<std::string> got =
      file_.Read(offset, static_cast<std::size_t>(std::min(wanted, limit_ - offset)));
  error_ = got.error;
  buffer_ += got.value;
  return got.ok() && !got.value.empty();
}

LineCursor::Step LineCursor::Next() {
  begin_ = buffer_offset_ + used_;
  bool too_long = false;
  for (;;) {
    const std::size_t feed = buffer_.find('\n', used_);
    if (feed != std::string::npos) {
      line_ = std::string_view(buffer_).substr(used_, feed - used_);
      if (too_long) line_ = line_.substr(0, 0);
      used_ = feed + 1;
      next_ = buffer_offset_ + used_;
      return Step::kLine;
    }
    if (buffer_.size() - used_ > kMaxLineBytes) {
      too_long = true;
      used_ = buffer_.size();
    }
    if (!Fill()) break;
  }
  if (error_ != 0) return Step::kFailed;
  line_ = std::string_view(buffer_).substr(used_);
  used_ = buffer_.size();
  next_ = buffer_offset_ + used_;
  return next_ == begin_ ? Step::kEnd : Step::kUnended;
}

}  // namespace migrationd::storage

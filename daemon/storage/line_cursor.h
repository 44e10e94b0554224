#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/storage/disk.h"

namespace migrationd::storage {

/// The longest line that a run log may have, in bytes.
constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20U;

/// Walks over the lines of a file in chunks, from an offset to a limit.
class LineCursor {
 public:
  enum class Step {
    kLine,     ///< line() is a line that ended with a line feed.
    kUnended,  ///< line() is what follows the last line feed.
    kEnd,      ///< There is nothing more.
    kFailed,   ///< error() says why.
  };

  /// `file` must live as long as this.
  LineCursor(const OpenFile& file, std::uint64_t offset, std::uint64_t limit)
      : file_(file), buffer_offset_(offset), limit_(limit), next_(offset) {}

  Step Next();

  /// Without the line feed; valid until the next call. Cut short when longer than kMaxLineBytes.
  [[nodiscard]] std::string_view line() const { return line_; }
  /// Where line() begins, and where what follows it does.
  [[nodiscard]] std::uint64_t begin_offset() const { return begin_; }
  [[nodiscard]] std::uint64_t end_offset() const { return next_; }
  /// errno.
  [[nodiscard]] int error() const { return error_; }

 private:
  bool Fill();

  const OpenFile& file_;
  std::string buffer_;
  std::uint64_t buffer_offset_;  // In the file, of the buffer's first byte.
  std::size_t used_ = 0;         // Of the buffer.
  std::uint64_t limit_;
  std::uint64_t begin_ = 0;
  std::uint64_t next_;
  std::string_view line_;
  int error_ = 0;
};

}  // namespace migrationd::storage

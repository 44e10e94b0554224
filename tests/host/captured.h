#pragma once

#include <cstdio>
#include <string>

namespace migrationd::host {

/// What this process writes on stdout or stderr while this lives.
class Captured {
 public:
  /// `stream`: stdout or stderr.
  explicit Captured(std::FILE* stream);
  /// The stream writes where it wrote before.
  ~Captured();
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  /// All of it so far.
  std::string Text() const;
  /// How $JOURNAL_STREAM names the place that is written to now: device and inode.
  std::string Place() const;

 private:
  std::FILE* stream_;
  int before_ = -1;
  int file_ = -1;
};

}  // namespace migrationd::host

#include "tests/host/captured.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

namespace migrationd::host {

Captured::Captured(std::FILE* stream) : stream_(stream) {
  std::fflush(stream_);
  before_ = dup(fileno(stream_));
  file_ = memfd_create("captured", MFD_CLOEXEC);
  if (before_ < 0 || file_ < 0 || dup2(file_, fileno(stream_)) < 0) {
    throw std::runtime_error("cannot capture a stream");
  }
}

Captured::~Captured() {
  std::fflush(stream_);
  dup2(before_, fileno(stream_));
  close(before_);
  close(file_);
}

std::string Captured::Text() const {
  std::fflush(stream_);
  struct stat status {};
  fstat(file_, &status);
  std::string text(static_cast<std::size_t>(status.st_size), '\0');
  const ssize_t got = pread(file_, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

std::string Captured::Place() const {
  struct stat status {};
  fstat(file_, &status);
  return std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

}  // namespace migrationd::host

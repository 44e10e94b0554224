#include "client/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>
#include <vector>

#include "client/text/json.h"

namespace telec {
namespace {

constexpr std::size_t kDefaultColumns = 80;
constexpr std::size_t kGatheredAtMost = std::size_t{32} << 10U;
/// To the first column, and erase to the end of the line: ECMA-48, 8.3.41.
constexpr std::string_view kEraseLine = "\r\x1b[K";

std::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

bool IsCapableTerminal(int fd) {
  const std::string_view kind = Environment("TERM");
  return isatty(fd) == 1 && !kind.empty() && kind != "dumb";
}

bool WantsColour(int fd, ColourMode mode) {
  if (mode != ColourMode::kAuto) return mode == ColourMode::kAlways;
  return Environment("NO_COLOR").empty() && IsCapableTerminal(fd);
}

}  // namespace

ConsoleTraits TraitsOf(OutputFormat output, ColourMode colour) {
  if (output == OutputFormat::kJson) return ConsoleTraits{true, false, false, false};
  return ConsoleTraits{false, IsCapableTerminal(STDOUT_FILENO), WantsColour(STDOUT_FILENO, colour),
                       WantsColour(STDERR_FILENO, colour)};
}

void Console::Print(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (!gathers_) return WriteAround(STDOUT_FILENO, text);
  gathered_ += text;
  if (gathered_.size() >= kGatheredAtMost) FlushLocked();
}

void Console::Flush() {
  const std::lock_guard lock(mutex_);
  FlushLocked();
}

void Console::Gather(bool gathers) {
  const std::lock_guard lock(mutex_);
  FlushLocked();
  gathers_ = gathers;
}

void Console::FlushLocked() {
  if (gathered_.empty()) return;
  WriteAround(STDOUT_FILENO, gathered_);
  gathered_.clear();
}

void Console::Notice(std::string_view message) { Say("notice", "", message); }

void Console::Warn(std::string_view message) {
  Say("warning", Style(traits_.err_colour).Yellow("warning: "), message);
}

void Console::Fail(const Error& error) {
  std::string text;
  if (traits_.json) {
    text = JsonLine("error", {{"code", error.code},
                              {"reason", error.reason},
                              {"message", error.message},
                              {"hint", error.hint}});
  } else {
    const Style style(traits_.err_colour);
    text = style.Red("error: ").append(error.message).append("\n");
    if (!error.hint.empty()) text.append(style.Bold("hint: ")).append(error.hint).append("\n");
  }
  const std::lock_guard lock(mutex_);
  FlushLocked();
  status_line_.clear();
  WriteAround(STDERR_FILENO, text);
}

void Console::Say(std::string_view kind, std::string_view coloured_label,
                  std::string_view message) {
  std::string text;
  if (traits_.json) {
    text = JsonLine(kind, {{"message", std::string(message)}});
  } else {
    text.append(coloured_label).append(message).append("\n");
  }
  const std::lock_guard lock(mutex_);
  FlushLocked();
  WriteAround(STDERR_FILENO, text);
}

void Console::SetStatusLine(std::string line) {
  if (!traits_.redraws) return;
  const std::lock_guard lock(mutex_);
  FlushLocked();
  if (line == status_line_) return;
  status_line_ = std::move(line);
  Write(STDOUT_FILENO, std::string(kEraseLine) + status_line_);
}

void Console::WriteAround(int fd, std::string_view text) {
  if (!traits_.redraws || status_line_.empty()) return Write(fd, text);
  // One write where it is one stream: nothing flickers.
  if (fd == STDOUT_FILENO) {
    return Write(fd, std::string(kEraseLine).append(text).append(status_line_));
  }
  Write(STDOUT_FILENO, kEraseLine);
  Write(fd, text);
  Write(STDOUT_FILENO, status_line_);
}

void Console::Write(int fd, std::string_view text) {
  if (fd == STDOUT_FILENO && print_error_ != 0) return;
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      // There is nobody to tell that stderr is gone.
      if (fd == STDOUT_FILENO) print_error_ = errno;
      return;
    }
  }
}

bool Console::CanPrint() const {
  const std::lock_guard lock(mutex_);
  return print_error_ == 0;
}

int Console::PrintError() const {
  const std::lock_guard lock(mutex_);
  return print_error_ == EPIPE ? 0 : print_error_;
}

std::size_t Console::Columns() const {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kDefaultColumns;
  return size.ws_col;
}

}  // namespace telec

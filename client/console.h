#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "client/error.h"
#include "client/options.h"
#include "client/text/style.h"

namespace telec {

/// What the two streams are and how they may be written to.
struct ConsoleTraits {
  bool json = false;     ///< Everything said on stderr is JSON Lines too.
  bool redraws = false;  ///< stdout is a terminal whose last line may be drawn again.
  bool out_colour = false;
  bool err_colour = false;
};

/// Looks at descriptors 1 and 2, NO_COLOR (https://no-color.org) and TERM.
ConsoleTraits TraitsOf(OutputFormat output, ColourMode colour);

/// Results go to stdout, every other word to stderr. On a terminal one status line is kept below
/// what is printed. From any thread. Text must be visible (MakeVisible) where it is not the
/// client's own.
class Console {
 public:
  explicit Console(ConsoleTraits traits) : traits_(traits) {}
  ~Console() { SetStatusLine(""); }

  /// While it lives, what is printed is written together: by Flush, when there is much of it, and
  /// before anything else is written. Whoever holds one flushes before it waits.
  class Gathering {
   public:
    explicit Gathering(Console& console) : console_(console) { console_.Gather(true); }
    ~Gathering() { console_.Gather(false); }
    Gathering(const Gathering&) = delete;
    Gathering& operator=(const Gathering&) = delete;

   private:
    Console& console_;
  };

  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// Writes `text`, whole lines, to stdout.
  void Print(std::string_view text);

  /// Writes what was gathered.
  void Flush();

  /// Tells something on stderr: a sentence. In JSON {"notice": {"message": …}}, {"warning": …}.
  void Notice(std::string_view message);
  void Warn(std::string_view message);

  /// Tells why the command failed. In JSON {"error": {"code", "reason", "message", "hint"}}.
  void Fail(const Error& error);

  /// Draws `line` (no line break, it may be coloured) below everything, instead of the previous
  /// one; empty: none. Nothing happens where nothing can be redrawn.
  void SetStatusLine(std::string line);

  /// False once a write to stdout failed: the reader went away, or the disk is full (then errno in
  /// `why`).
  bool CanPrint() const;

  /// The error of a stdout that cannot be written for another reason than a reader that went away;
  /// 0: none.
  int PrintError() const;

  /// Columns of the terminal; 80 when it does not say.
  std::size_t Columns() const;

  bool json() const { return traits_.json; }
  bool redraws() const { return traits_.redraws; }
  Style out_style() const { return Style(traits_.out_colour); }

 private:
  void Gather(bool gathers);
  void FlushLocked();
  void Say(std::string_view kind, std::string_view coloured_label, std::string_view message);
  void WriteAround(int fd, std::string_view text);
  void Write(int fd, std::string_view text);

  const ConsoleTraits traits_;
  mutable std::mutex mutex_;
  std::string status_line_;
  bool gathers_ = false;
  std::string gathered_;
  int print_error_ = 0;
};

}  // namespace telec

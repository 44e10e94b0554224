#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrationd::support {

/// What to start, and with what around it.
struct Launch {
  std::vector<std::string> command;
  /// Beside PATH, LC_ALL, TZ, TMPDIR and the sanitizers' options, which every child gets; nothing
  /// else is inherited.
  std::map<std::string, std::string> environment = {};
  std::string directory = {};  ///< Empty: the test's own.
  bool terminal =
      false;  ///< stdin, stdout and stderr are a terminal of 100 columns: all is in Output().
  std::string output_to = {};  ///< Path that stdout is opened on; empty: a pipe.
};

/// How a process ended.
struct Exit {
  int code = -1;   ///< Exit code; -1 when a signal ended it.
  int signal = 0;  ///< That signal; 0 when it ended by itself.
  bool operator==(const Exit&) const = default;
};

/// A real child in a session of its own. What it writes is collected whenever something is awaited.
/// Whatever is left of it is killed in the end. Awaiting is limited to a minute; passing that is a
/// test failure.
class Process {
 public:
  explicit Process(const Launch& launch);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int number) const;

  /// Waits until its stdout (or stderr) contains `text`. False when it ended first, or the time is
  /// up.
  bool Prints(std::string_view text) { return Sees(out_, text); }
  bool Says(std::string_view text) { return Sees(err_, text); }

  /// Waits for its end, and for the end of its output.
  Exit Wait();

  /// Types on the terminal that it was launched with.
  void Type(std::string_view text) const;

  /// Closes the reading end of its stdout, or the terminal: nobody listens any more.
  void StopListening();

  const std::string& Output() const { return out_.text; }
  const std::string& Errors() const { return err_.text; }

 private:
  struct Stream {
    int fd = -1;
    std::string text;
  };

  bool Sees(Stream& stream, std::string_view text);
  bool Pump(std::optional<int> timeout_ms);
  static void Collect(Stream& stream);
  static void Close(Stream& stream);

  pid_t pid_ = -1;
  int pidfd_ = -1;
  Stream out_;
  Stream err_;
  std::optional<Exit> exit_;
};

/// A process from its start to its end.
struct Finished {
  Exit exit;
  std::string out;
  std::string err;
};
Finished Execute(const Launch& launch);

}  // namespace migrationd::support

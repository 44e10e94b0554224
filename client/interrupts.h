#pragma once

#include <functional>
#include <thread>

#include "client/file_descriptor.h"

namespace telec {

/// What a person, or the terminal's end, tells this program.
enum class Interrupt {
  kStop,   ///< SIGINT: Ctrl-C.
  kLeave,  ///< SIGHUP, SIGTERM: the terminal was closed, or someone wants this program to end.
};

/// While it lives, these signals do not end the program but call `handler`, one at a time, on a
/// thread of its own. One at a time in a program.
class Interrupts {
 public:
  explicit Interrupts(std::function<void(Interrupt)> handler);
  /// Gives the signals their former meaning, and returns when no handler runs any more.
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

 private:
  FileDescriptor read_end_;
  FileDescriptor write_end_;
  std::thread thread_;
};

}  // namespace telec

#pragma once

#include <sys/types.h>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/core/event.h"
#include "daemon/script/unique_fd.h"
#include "daemon/script/worker_messages.h"

namespace migrationd::script {

/// A process that the worker has forked, from the daemon's side. It is told what to do with Send(),
/// and what comes from it goes to the callbacks, on the loop thread. When it is destroyed, so is
/// the process.
class Spare : public std::enable_shared_from_this<Spare> {
 public:
  struct Descriptors {
    UniqueFd pidfd;
    UniqueFd control;
    UniqueFd output;
    UniqueFd errors;
  };
  struct Callbacks {
    std::function<void(const Message&)> on_message;
    std::function<void(core::OutputStream, std::string_view)> on_output;
    /// The process has ended. All its messages have come; not all its output (see Drain).
    std::function<void()> on_exit;
  };

  /// `phase`: this one's byte in the memory that is shared with the worker. `reap` is called once,
  /// when the process may be reaped because nobody asks for it any more.
  Spare(asio::io_context& io, pid_t pid, Descriptors descriptors, const volatile char* phase,
        std::function<void(pid_t)> reap);
  ~Spare();

  Spare(const Spare&) = delete;
  Spare& operator=(const Spare&) = delete;

  pid_t pid() const { return pid_; }  // NOLINT(readability-identifier-naming)
  bool HasEnded();

  /// What the script was last known to do.
  core::Phase phase() const;  // NOLINT(readability-identifier-naming)

  /// Begins to listen. Once.
  void Attach(Callbacks callbacks);

  /// No callback comes any more.
  void Detach() { attached_ = false; }

  /// Sends bytes of PackForStream(). Never blocks; what does not fit follows later. When nobody
  /// listens there any more it is dropped: that the process ends is told anyway.
  void Send(std::string bytes);

  /// Reads the output that is there.
  void Drain();

  void Signal(int signal);

  /// Kills it and waits for its end.
  void EndNow();

 private:
  struct Stream {
    core::OutputStream name;
    asio::posix::stream_descriptor descriptor;
    bool open = true;
  };

  void AwaitMessages();
  void AwaitOutput(Stream& stream);
  void AwaitExit();
  /// False: none will come any more.
  bool ReadMessages();
  void ReadOutput(Stream& stream);
  void WriteOutbox();

  pid_t pid_;
  const volatile char* phase_;
  asio::posix::stream_descriptor pidfd_;
  asio::posix::stream_descriptor control_;
  Stream output_;
  Stream errors_;
  std::function<void(pid_t)> reap_;
  Callbacks callbacks_;
  bool attached_ = false;
  MessageReader reader_;
  std::string outbox_;
  std::size_t sent_ = 0;
  bool writing_ = false;
};

}  // namespace migrationd::script

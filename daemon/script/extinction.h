#pragma once

#include <sys/types.h>

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace migrationd::script {

/// Says which processes have to go, of those that live. Asked again and again, until there are
/// none.
using Condemned = std::function<std::vector<pid_t>()>;

/// Ends processes that may fork, hide in other sessions and ignore TERM: TERM to each, a grace,
/// then KILL until none is left. Loop thread only. Nothing is polled: each look follows the end of
/// a process.
class Extinction : public std::enable_shared_from_this<Extinction> {
 public:
  struct Options {
    /// A process group that is killed as a whole, which its members cannot outrun by forking; 0:
    /// none. Its leader must not have been reaped.
    pid_t group = 0;
    std::chrono::milliseconds grace{0};  ///< 0: KILL at once.
  };

  Extinction(asio::io_context& io, Condemned condemned, Options options);

  /// `done` is called when none is left: later, never from here. One entry for each that was
  /// signalled, "'sleep' (pid 123)", with its pid.
  using Done = std::function<void(std::map<pid_t, std::string> ended)>;
  void Begin(Done done);

 private:
  void PassLater();
  void Pass();
  bool Watch(pid_t pid);
  void Signal(int pidfd) const;

  asio::io_context& io_;
  Condemned condemned_;
  Options options_;
  Done done_;
  asio::steady_timer grace_;
  bool killing_ = false;
  bool passing_ = false;
  struct Victim {
    asio::posix::stream_descriptor pidfd;
    bool killed = false;
    bool told = false;
  };
  std::map<pid_t, Victim> watched_;
  std::map<pid_t, std::string> ended_;
};

/// Kills at once, and waits until none is left.
void EndAtOnce(const Condemned& condemned);

/// "'sleep' (pid 123), 'sh' (pid 124) and 7 more", for a message.
std::string DescribeProcesses(const std::map<pid_t, std::string>& processes);

}  // namespace migrationd::script

#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "client/console.h"
#include "client/dialer.h"
#include "client/file_descriptor.h"
#include "client/options.h"

namespace telec {

/// A daemon of this command's own, for --local: `migrationd --private 3 …` with one end of a socket
/// pair as descriptor 3. It serves that one connection, and stops gracefully when the connection
/// closes. It has a process group of its own, so that a terminal's ^C reaches this program alone.
/// What it says on stderr is passed on, line by line.
class PrivateDaemon final : public Dialer {
 public:
  /// `console` must outlive this.
  PrivateDaemon(const CommonOptions& options, Console& console)
      : options_(options), console_(console) {}

  /// Closes the connection and waits until the daemon has ended: then its state is free again.
  ~PrivateDaemon() override;
  PrivateDaemon(const PrivateDaemon&) = delete;
  PrivateDaemon& operator=(const PrivateDaemon&) = delete;

  /// Starts it the first time; afterwards it is gone. Errors: PRIVATE_DAEMON_FAILED with what it
  /// said, CONTACT_LOST.
  Result<std::shared_ptr<Service>> Reach() override;

  /// A connection to it breaks when it ends.
  Error Explain(Error error) override;

  /// Lets it end alone: the destructor no longer waits.
  void LeaveAlone() override { waits_ = false; }

 private:
  Result<FileDescriptor> Start();
  Error WhyItEnded();
  void PassOnWhatItSays(FileDescriptor from);

  const CommonOptions options_;
  Console& console_;
  pid_t pid_ = -1;
  std::atomic<bool> waits_{true};
  FileDescriptor hang_up_;  ///< A duplicate of the connection: gRPC closes its own when it likes.
  FileDescriptor end_of_reader_;  ///< An eventfd(2).
  std::thread reader_;
  std::mutex mutex_;
  bool serves_ = false;  ///< Before that, what it says is kept for the error.
  std::string first_words_;
};

}  // namespace telec

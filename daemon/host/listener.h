#pragma once

#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/host/access.h"
#include "daemon/host/open_connections.h"

namespace migrationd::host {

/// Accepts connections on a Unix socket and asks the kernel who is there, before a byte is read.
/// What is let in is handed on as a non-blocking descriptor; what is not is closed. Loop thread
/// only.
class Listener {
 public:
  /// Takes `fd` over. It is to be shut down (shutdown(2), as gRPC does) before it is closed: a
  /// duplicate of it stays open until then, to count it.
  using Handover = std::function<void(int fd, Access access, const core::Requester& who)>;
  /// Told about everyone who was turned away, and about trouble when accepting.
  using Complaint = std::function<void(const std::string& message)>;

  /// At most `most_connections` are open at a time.
  Listener(asio::io_context& loop, AccessPolicy policy, std::size_t most_connections,
           Handover handover, Complaint complaint);
  /// Closes; the socket's file is removed if Listen made it.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Makes the socket at `path`, with the folder it lies in if that is missing. What a daemon that
  /// died left is replaced; one that answers is not, nor what is no such socket. Error:
  /// kSocketUnusable.
  core::Status Listen(const std::string& path);

  /// Takes a listening socket from systemd (sd_listen_fds(3)). Error: kSocketUnusable.
  core::Status Take(int fd);

  /// Accepts nothing any more; what was handed over stays.
  void Close();

 private:
  /// One listening socket. Handlers hold it weakly: what was queued before Close() does nothing.
  struct Door {
    explicit Door(asio::io_context& loop) : acceptor(loop), pause(loop) {}
    asio::local::stream_protocol::acceptor acceptor;
    asio::steady_timer pause;  ///< Until the next try when accepting failed.
  };

  void Open(std::shared_ptr<Door> door);
  void AcceptNext(const std::shared_ptr<Door>& door);
  void PauseAndAccept(const std::shared_ptr<Door>& door);
  void OnConnection(asio::local::stream_protocol::socket socket);

  asio::io_context& loop_;
  AccessPolicy policy_;
  OpenConnections connections_;
  Handover handover_;
  Complaint complaint_;
  std::vector<std::shared_ptr<Door>> doors_;
  std::string path_;  ///< Empty unless Listen made it.
  int next_fd_ = 0;
};

/// Moves `fd` to a free number from `next` on and sets `next` behind it: round and round, from 64
/// to the limit of open files, so that a number is not given again soon; see rpc::Peers. Returns
/// the number that is open now: `fd` itself when there is no free one.
int MoveToFreshNumber(int fd, int& next);

}  // namespace migrationd::host

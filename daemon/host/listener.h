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

namespace migrationd::host {

/// Accepts connections on a Unix socket and asks the kernel who is there, before a byte is read.
/// What is let in is handed on as a non-blocking descriptor; what is not is closed. Loop thread
/// only.
class Listener {
 public:
  /// Takes `fd` over.
  using Handover = std::function<void(int fd, Access access, const core::Requester& who)>;
  /// Told about everyone who was turned away, and about trouble when accepting.
  using Complaint = std::function<void(const std::string& message)>;

  Listener(asio::io_context& loop, AccessPolicy policy, Handover handover, Complaint complaint);
  /// Closes; the socket's file is removed if Listen made it.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Makes the socket at `path`, with the folder it lies in if that is missing. What a daemon that
  /// died left is replaced; one that answers is not. Error: kSocketUnusable.
  core::Status Listen(const std::string& path);

  /// Takes a listening socket from systemd (sd_listen_fds(3)). Error: kSocketUnusable.
  core::Status Take(int fd);

  void Close();

 private:
  using Acceptor = asio::local::stream_protocol::acceptor;

  void AcceptNext(Acceptor& acceptor);
  void OnConnection(asio::local::stream_protocol::socket socket);

  asio::io_context& loop_;
  AccessPolicy policy_;
  Handover handover_;
  Complaint complaint_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;
  std::vector<std::unique_ptr<asio::steady_timer>> pauses_;
  std::string path_;  ///< Empty unless Listen made it.
  int next_fd_ = 0;
};

/// The number that the next connection's descriptor gets at least: round and round, so that a
/// number is not given again soon; see rpc::Peers.
int MoveToFreshNumber(int fd, int& next);

}  // namespace migrationd::host

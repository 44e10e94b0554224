#include "daemon/host/listener.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace migrationd::host {
namespace {

constexpr int kFirstFd = 64;
constexpr std::chrono::milliseconds kPause{100};
constexpr mode_t kSocketMode =
    0666;  // Who may connect is decided by the kernel's word on the peer.

core::Error Unusable(const std::string& path, const std::string& why, const std::string& hint) {
  return core::Error{core::Reason::kSocketUnusable, "cannot listen on '" + path + "': " + why,
                     hint};
}

/// No error: somebody answers at `path`. Refused: nobody is there any more.
asio::error_code Knock(asio::io_context& loop, const std::string& path) {
  asio::local::stream_protocol::socket probe(loop);
  asio::error_code error;
  probe.connect(asio::local::stream_protocol::endpoint(path), error);
  return error;
}

core::Status ClearTheWay(asio::io_context& loop, const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return core::Ok();
  if (!S_ISSOCK(status.st_mode)) {
    return Unusable(path, "there is something else of that name",
                    "Move it away, or choose another --socket.");
  }
  const asio::error_code answer = Knock(loop, path);
  if (!answer) {
    return Unusable(path, "another daemon answers there", "Stop it, or choose another --socket.");
  }
  if (answer != asio::error::connection_refused) {
    return Unusable(path, "it is no socket that a daemon left: " + answer.message(),
                    "Move it away, or choose another --socket.");
  }
  if (unlink(path.c_str()) != 0) {
    return Unusable(
        path,
        "the socket of an earlier daemon cannot be removed: " + std::string(std::strerror(errno)),
        "Remove it, or choose another --socket.");
  }
  return core::Ok();
}

}  // namespace

int MoveToFreshNumber(int fd, int& next) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const int end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1U << 20U));
  if (next < kFirstFd || next >= end) next = kFirstFd;
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, next);
  if (moved < 0) {
    next = kFirstFd;
    return fd;
  }
  close(fd);
  next = moved + 1;
  return moved;
}

Listener::Listener(asio::io_context& loop, AccessPolicy policy, std::size_t most_connections,
                   Handover handover, Complaint complaint)
    : loop_(loop),
      policy_(policy),
      connections_(loop, most_connections),
      handover_(std::move(handover)),
      complaint_(std::move(complaint)) {}

Listener::~Listener() { Close(); }

core::Status Listener::Listen(const std::string& path) {
  if (path.empty()) {
    return Unusable("", "no socket is configured and $XDG_RUNTIME_DIR is not set",
                    "Give --socket PATH.");
  }
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return Unusable(path,
                    "the path has " + std::to_string(path.size()) +
                        " bytes, a Unix socket's may have " +
                        std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " (unix(7))",
                    "Choose a shorter --socket.");
  }
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::error_code made;
  if (!folder.empty()) std::filesystem::create_directories(folder, made);
  if (made) {
    return Unusable(path, "its folder cannot be made: " + made.message(),
                    "Make it, or choose another --socket.");
  }
  if (const auto clear = ClearTheWay(loop_, path); !clear) return clear;

  auto door = std::make_shared<Door>(loop_);
  auto& acceptor = door->acceptor;
  asio::error_code error;
  acceptor.open(asio::local::stream_protocol(), error);
  if (!error) acceptor.bind(asio::local::stream_protocol::endpoint(path), error);
  if (!error && chmod(path.c_str(), kSocketMode) != 0) error.assign(errno, asio::system_category());
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error)
    return Unusable(path, error.message(), "Make the folder writable, or choose another --socket.");
  path_ = path;
  Open(std::move(door));
  return core::Ok();
}

core::Status Listener::Take(int fd) {
  auto door = std::make_shared<Door>(loop_);
  asio::error_code error;
  door->acceptor.assign(asio::local::stream_protocol(), fd, error);
  if (error) {
    return Unusable("descriptor " + std::to_string(fd), error.message(),
                    "migrationd.socket has to pass a listening Unix stream socket.");
  }
  Open(std::move(door));
  return core::Ok();
}

void Listener::Close() {
  doors_.clear();
  if (!path_.empty()) unlink(std::exchange(path_, "").c_str());
}

void Listener::Open(std::shared_ptr<Door> door) {
  doors_.push_back(std::move(door));
  AcceptNext(doors_.back());
}

void Listener::AcceptNext(const std::shared_ptr<Door>& door) {
  door->acceptor.async_accept(
      [this, weak = std::weak_ptr(door)](const asio::error_code& error,
                                         asio::local::stream_protocol::socket socket) {
        const auto open = weak.lock();
        if (!open || error == asio::error::operation_aborted) return;
        if (error) {
          complaint_("a connection could not be accepted: " + error.message());
          PauseAndAccept(open);
          return;
        }
        OnConnection(std::move(socket));
        AcceptNext(open);
      });
}

// Out of descriptors, most likely: it would fail again at once.
void Listener::PauseAndAccept(const std::shared_ptr<Door>& door) {
  door->pause.expires_after(kPause);
  door->pause.async_wait([this, weak = std::weak_ptr(door)](const asio::error_code& stopped) {
    const auto open = weak.lock();
    if (open && !stopped) AcceptNext(open);
  });
}

void Listener::OnConnection(asio::local::stream_protocol::socket socket) {
  const std::optional<Peer> peer = PeerOf(socket.native_handle());
  if (!peer) {
    complaint_("a connection was turned away: the kernel does not say whose it is");
    return;
  }
  const Access access = policy_.Judge(*peer);
  if (access == Access::kNone) {
    complaint_("turned away: uid " + std::to_string(peer->who.uid) + " (" + peer->who.user +
               "), pid " + std::to_string(peer->who.pid) + ", is neither operator nor viewer");
    return;
  }
  if (!connections_.Admit(socket.native_handle())) {
    complaint_("turned away: pid " + std::to_string(peer->who.pid) + ", because " +
               std::to_string(connections_.count()) + " connections are open and " +
               std::to_string(connections_.most()) + " may be (`limits.connections`)");
    return;
  }
  asio::error_code error;
  socket.non_blocking(true, error);
  const int fd = socket.release(error);
  if (error) {
    complaint_("a connection could not be handed over: " + error.message());
    return;
  }
  handover_(MoveToFreshNumber(fd, next_fd_), access, peer->who);
}

}  // namespace migrationd::host

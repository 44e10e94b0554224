#include "client/dial.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "client/text/visible.h"

namespace telec {
namespace {

constexpr std::chrono::milliseconds kTcpLimit = std::chrono::seconds(5);

Error CannotConnect(const Address& address, std::string_view why, bool not_permitted = false) {
  std::string message = "'" + MakeVisible(address.text) + "': " + std::string(why);
  if (not_permitted) return Error{"PERMISSION_DENIED", "PERMISSION_DENIED", std::move(message), ""};
  return Error{"UNAVAILABLE", "DAEMON_UNREACHABLE", std::move(message), ""};
}

Error CannotConnect(const Address& address, int error) {
  return CannotConnect(address, std::strerror(error), error == EACCES || error == EPERM);
}

/// poll(2) for one event, whatever signals come. False: nothing within `limit`.
bool Await(int fd, short event, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{fd, event, 0};
    const int ready = poll(&waiting, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

Result<FileDescriptor> DialUnix(const Address& address, const UnixAddress& where) {
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return CannotConnect(address, errno);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(name.sun_path, where.path.c_str(), where.path.size() + 1);
  int connected = -1;
  do {
    connected = connect(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name);
  } while (connected != 0 && errno == EINTR);
  if (connected != 0) return CannotConnect(address, errno);
  return socket;
}

/// connect(2) with a limit. 0, or an errno.
int ConnectWithin(int fd, const addrinfo& to, std::chrono::milliseconds limit) {
  if (connect(fd, to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!Await(fd, POLLOUT, limit)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

Result<FileDescriptor> DialTcp(const Address& address, const TcpAddress& where) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(where.host.c_str(), where.port.c_str(), &wanted, &found);
  if (failure != 0) return CannotConnect(address, gai_strerror(failure));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  int error = ECONNREFUSED;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    FileDescriptor socket(::socket(
        each->ai_family, each->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, each->ai_protocol));
    if (!socket) return CannotConnect(address, errno);
    error = ConnectWithin(socket.get(), *each, kTcpLimit);
    if (error == 0) return socket;
  }
  return CannotConnect(address, error);
}

}  // namespace

Result<FileDescriptor> Dial(const Address& address) {
  if (const auto* where = std::get_if<UnixAddress>(&address.where))
    return DialUnix(address, *where);
  return DialTcp(address, *std::get_if<TcpAddress>(&address.where));
}

Greeting AwaitGreeting(const FileDescriptor& socket, std::chrono::milliseconds limit) {
  if (!Await(socket.get(), POLLIN, limit)) return Greeting::kSilent;
  char byte = 0;
  const ssize_t got = recv(socket.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got > 0 ? Greeting::kHeard : Greeting::kClosed;
}

}  // namespace telec

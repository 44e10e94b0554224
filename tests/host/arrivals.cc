#include "tests/host/arrivals.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>

namespace migrationd::host {
namespace {

constexpr std::chrono::seconds kPatience{60};

sockaddr_un AddressOf(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(address.sun_path), sizeof(address.sun_path) - 1);
  return address;
}

}  // namespace

Arrivals::Arrivals(const AccessPolicy& policy, std::size_t most_connections)
    : listener(
          loop, policy, most_connections,
          [this](int fd, Access access, const core::Requester& who) {
            arrived.push_back({fd, access, who});
          },
          [this](const std::string& message) { complaints.push_back(message); }) {}

Arrivals::~Arrivals() {
  for (const Arrival& arrival : arrived) close(arrival.fd);
}

bool Arrivals::Until(const std::function<bool()>& done) {
  while (!done()) {
    if (loop.run_one_for(kPatience) == 0) return false;
  }
  return true;
}

bool Arrivals::Await(std::size_t count) {
  return Until([this, count] { return arrived.size() >= count; });
}

int Connect(const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(path);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
  close(fd);
  return -1;
}

int Bind(const std::string& path, int type) {
  const int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
  const sockaddr_un address = AddressOf(path);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    throw std::runtime_error("cannot bind " + path);
  return fd;
}

}  // namespace migrationd::host

#include "client/address.h"

#include <sys/un.h>

#include <cstdlib>
#include <utility>

#include "client/text/visible.h"

namespace telec {
namespace {

constexpr std::string_view kUnixScheme = "unix:";
constexpr std::string_view kSystemSocket = "/run/migrationd/migrationd.sock";
constexpr std::string_view kUserSocketInRuntimeDir = "/migrationd/migrationd.sock";
constexpr const char* kForms = "Write /path/to/socket, unix:/path/to/socket or host:port.";
/// unix(7): the name ends with a zero byte.
constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

Error BadAddress(std::string_view text, std::string_view source, const std::string& why) {
  return UsageError(std::string(source) + " '" + MakeVisible(text) + "' is not an address: " + why,
                    kForms);
}

Result<Address> ParseUnix(std::string path, std::string_view text, std::string_view source) {
  if (path.starts_with("//")) path.erase(0, 2);
  if (path.empty()) return BadAddress(text, source, "the path of the socket is missing");
  if (path.size() > kLongestPath) {
    return UsageError(std::string(source) + " '" + MakeVisible(text) +
                          "': the path of a socket has at most " + std::to_string(kLongestPath) +
                          " bytes, this one has " + std::to_string(path.size()),
                      "Use a shorter path, a relative one, or a symbolic link to its directory.");
  }
  return Address{UnixAddress{std::move(path)}, std::string(text)};
}

}  // namespace

Result<Address> ParseAddress(std::string_view text, std::string_view source) {
  if (text.empty()) return BadAddress(text, source, "it is empty");
  if (text.front() == '/') return ParseUnix(std::string(text), text, source);
  if (text.starts_with(kUnixScheme)) {
    return ParseUnix(std::string(text.substr(kUnixScheme.size())), text, source);
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return BadAddress(text, source, "the port is missing");
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return BadAddress(text, source, "an IPv6 address needs brackets, as in [::1]:7000");
  }
  if (host.empty()) return BadAddress(text, source, "the host is missing");
  if (port.empty() || port.find_first_not_of("0123456789") != std::string_view::npos) {
    return BadAddress(text, source, "the port must be a number");
  }
  return Address{TcpAddress{std::string(host), std::string(port)}, std::string(text)};
}

Result<std::vector<Address>> FindAddresses(const std::optional<std::string>& host) {
  const char* from_environment = std::getenv("TELEC_HOST");
  if (host || (from_environment != nullptr && *from_environment != '\0')) {
    auto address =
        host ? ParseAddress(*host, "--host") : ParseAddress(from_environment, "TELEC_HOST");
    if (!address) return address.error();
    return std::vector<Address>{*std::move(address)};
  }
  std::vector<Address> addresses;
  const char* runtime_dir = std::getenv("XDG_RUNTIME_DIR");
  if (runtime_dir != nullptr && *runtime_dir == '/') {
    auto address =
        ParseAddress(std::string(runtime_dir).append(kUserSocketInRuntimeDir), "XDG_RUNTIME_DIR");
    if (!address) return address.error();
    addresses.push_back(*std::move(address));
  }
  addresses.push_back(Address{UnixAddress{std::string(kSystemSocket)}, std::string(kSystemSocket)});
  return addresses;
}

}  // namespace telec

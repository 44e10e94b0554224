#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "client/error.h"

namespace telec {

struct UnixAddress {
  std::string path;
};

struct TcpAddress {
  std::string host;
  std::string port;
};

/// Where a daemon listens.
struct Address {
  std::variant<UnixAddress, TcpAddress> where;
  std::string text;  ///< As a person wrote it, for messages.
};

/// "/path", "unix:/path", "unix:///path", "unix:relative/path", "host:port", "[v6]:port". `source`
/// names where the text comes from ("--host", "TELEC_HOST"). Usage error: none of these, or a path
/// longer than a socket's name may be.
Result<Address> ParseAddress(std::string_view text, std::string_view source);

/// Where to look for a daemon, in order: `host`, else TELEC_HOST, else the user's socket and the
/// system's.
Result<std::vector<Address>> FindAddresses(const std::optional<std::string>& host);

}  // namespace telec

#pragma once

#include <chrono>
#include <string>

#include "client/address.h"
#include "client/error.h"
#include "client/file_descriptor.h"

namespace telec {

/// Connects to `address` (close-on-exec). A missing socket or one that nobody listens on fails at
/// once; a TCP connection has five seconds. Error DAEMON_UNREACHABLE or PERMISSION_DENIED with a
/// message such as "'/run/x.sock': Connection refused".
Result<FileDescriptor> Dial(const Address& address);

enum class Greeting {
  kHeard,   ///< The other side speaks: HTTP/2 servers begin with their settings (RFC 9113, 3.4).
  kClosed,  ///< It closed the connection without a word.
  kSilent,  ///< Nothing within the limit.
};

/// Waits for the first byte from the other side, and leaves it there.
Greeting AwaitGreeting(const FileDescriptor& socket, std::chrono::milliseconds limit);

}  // namespace telec

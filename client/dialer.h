#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "client/address.h"
#include "client/error.h"
#include "client/service.h"

namespace telec {

/// The way to a daemon. Can be asked again after the connection broke.
class Dialer {
 public:
  virtual ~Dialer() = default;
  /// A fresh connection on which the daemon has begun to speak.
  virtual Result<std::shared_ptr<Service>> Reach() = 0;
  /// Why the daemon failed, where `error` only says that contact was lost; else `error`.
  virtual Error Explain(Error error) { return error; }
  /// This program is leaving before its work is done: the daemon must not be waited for.
  virtual void LeaveAlone() {}
};

/// Reaches the first daemon that listens on one of `addresses`. Holds the connection for as long as
/// it lives, if only so that its owner decides when the time for closing it is spent.
class SocketDialer final : public Dialer {
 public:
  explicit SocketDialer(std::vector<Address> addresses) : addresses_(std::move(addresses)) {}

  /// Errors: DAEMON_UNREACHABLE with all that was tried; PERMISSION_DENIED when a socket may not be
  /// opened, or the daemon turned this user away.
  Result<std::shared_ptr<Service>> Reach() override;

 private:
  const std::vector<Address> addresses_;
  std::shared_ptr<Service> reached_;  ///< The last one.
};

}  // namespace telec

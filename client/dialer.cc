#include "client/dialer.h"

#include <pwd.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>

#include "client/dial.h"
#include "client/text/visible.h"

namespace telec {
namespace {

/// A daemon that is being started by its socket unit reads its state before it speaks.
constexpr std::chrono::seconds kGreetingLimit{30};

std::string WhoAmI() {
  const uid_t uid = geteuid();
  const passwd* entry = getpwuid(uid);
  const std::string number = "uid " + std::to_string(uid);
  return entry == nullptr ? number : "'" + std::string(entry->pw_name) + "' (" + number + ")";
}

Error TurnedAway(const Address& address) {
  return Error{"PERMISSION_DENIED", "PERMISSION_DENIED",
               "migrationd at '" + MakeVisible(address.text) +
                   "' turned this user away: " + WhoAmI() + " is neither an operator nor a viewer",
               "Use sudo, or have the user added to one of the groups that migrationd.toml names."};
}

Error Silent(const Address& address) {
  return Error{"UNAVAILABLE", "DAEMON_UNREACHABLE",
               "'" + MakeVisible(address.text) +
                   "' accepts connections, but nothing spoke within " +
                   std::to_string(kGreetingLimit.count()) + " s",
               "Is it migrationd that listens there? See its log."};
}

Result<std::shared_ptr<Service>> Try(const Address& address) {
  const bool is_local = std::holds_alternative<UnixAddress>(address.where);
  // A connection that the daemon dropped because it was just stopping is no answer: the second
  // attempt tells.
  for (int attempt = 1;; ++attempt) {
    auto socket = Dial(address);
    if (!socket) return socket.error();
    // While the daemon gets its first word ready.
    StartTransport();
    switch (AwaitGreeting(*socket, kGreetingLimit)) {
      case Greeting::kHeard:
        return std::make_shared<Service>(*std::move(socket), "'" + MakeVisible(address.text) + "'");
      case Greeting::kSilent:
        return Silent(address);
      case Greeting::kClosed:
        if (attempt < 2) continue;
        if (is_local) return TurnedAway(address);
        return Error{"UNAVAILABLE", "DAEMON_UNREACHABLE",
                     "'" + MakeVisible(address.text) + "' closed the connection at once",
                     "If it is forwarded by ssh -L, is migrationd running on the other side?"};
    }
  }
}

Error NoneReached(const std::vector<Error>& errors) {
  // The one that may not be opened is the one that is there.
  for (const Error& error : errors) {
    if (error.reason != "PERMISSION_DENIED") continue;
    Error denied = error;
    if (denied.hint.empty()) {
      denied.message = "may not connect to migrationd at " + denied.message;
      denied.hint = "Use sudo, or have " + WhoAmI() + " added to the socket's group.";
    }
    return denied;
  }
  if (errors.size() == 1 && !errors.front().hint.empty()) return errors.front();
  std::string message = "no migrationd could be reached";
  for (const Error& error : errors) message += "\n  " + error.message;
  return Error{"UNAVAILABLE", "DAEMON_UNREACHABLE", std::move(message),
               "Start it (systemctl start migrationd.socket; for a user: systemctl --user start "
               "migrationd.socket), name it with --host, or do without: --local."};
}

}  // namespace

Result<std::shared_ptr<Service>> SocketDialer::Reach() {
  std::vector<Error> errors;
  for (const Address& address : addresses_) {
    auto service = Try(address);
    if (service) return reached_ = *std::move(service);
    errors.push_back(service.error());
  }
  return NoneReached(errors);
}

}  // namespace telec

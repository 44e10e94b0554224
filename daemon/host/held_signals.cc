#include "daemon/host/held_signals.h"

namespace migrationd::host {

HeldSignals::HeldSignals() : before_{} {
  sigset_t held;
  sigemptyset(&held);
  sigaddset(&held, SIGTERM);
  sigaddset(&held, SIGINT);
  pthread_sigmask(SIG_BLOCK, &held, &before_);
}

void HeldSignals::Release() const { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace migrationd::host

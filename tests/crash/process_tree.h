#pragma once

#include <sys/types.h>

#include <vector>

/// The processes below this one. This process must be a subreaper (BecomeSubreaper), so that what
/// loses its parent stays below it.
namespace migrationd::crash {

/// prctl(2), PR_SET_CHILD_SUBREAPER.
void BecomeSubreaper();

/// All living descendants of `root`, without `root`; a snapshot.
std::vector<pid_t> LivingBelow(pid_t root);

/// SIGKILL to everything below this process, again and again until nothing of it is alive. Reaps
/// nothing.
void KillAllBelow();

/// Reaps those children of this process that have ended.
void ReapEnded();

}  // namespace migrationd::crash

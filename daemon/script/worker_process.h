#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "daemon/core/result.h"
#include "daemon/script/runner_options.h"
#include "daemon/script/unique_fd.h"

namespace migrationd::script {

/// A worker that was just started. Whoever has it ends and reaps it.
struct WorkerProcess {
  pid_t pid = 0;
  UniqueFd pidfd;
  UniqueFd socket;       ///< Packets; see worker_messages.h.
  UniqueFd diagnostics;  ///< Read end of the worker's own stderr. Non-blocking.
};

/// Starts the interpreter with worker.py in a session of its own, with default signal dispositions,
/// an empty mask and no descriptor but those that worker.py names. `phases`: the memory file;
/// `lock`: what all inherit, -1: nothing; `environment`: "NAME=value". Errors: kInterpreterFailed.
core::Result<WorkerProcess> StartWorker(const RunnerOptions& options,
                                        std::vector<std::string> environment, int phases, int lock);

}  // namespace migrationd::script

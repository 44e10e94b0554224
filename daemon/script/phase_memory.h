#pragma once

#include <cstddef>

#include "daemon/script/unique_fd.h"

namespace migrationd::script {

/// Memory that is shared with the worker and all it forks: each spare says in its byte what phase
/// it is in. A message would tell it as well, and wake the daemon four times for each script to no
/// purpose: the phase is asked for only when a script breaks off.
class PhaseMemory {
 public:
  static constexpr std::size_t kSlots = 4096;

  PhaseMemory();
  ~PhaseMemory();
  PhaseMemory(const PhaseMemory&) = delete;
  PhaseMemory& operator=(const PhaseMemory&) = delete;

  /// The file; -1 when there is no memory for it.
  int fd() const { return fd_.get(); }  // NOLINT(readability-identifier-naming)

  /// The byte of a slot, reset to 0. Requires slot < kSlots.
  volatile char* Claim(std::size_t slot);

 private:
  UniqueFd fd_;
  volatile char* bytes_ = nullptr;
};

}  // namespace migrationd::script

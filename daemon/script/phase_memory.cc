#include "daemon/script/phase_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace migrationd::script {

PhaseMemory::PhaseMemory() : fd_(::memfd_create("phases", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
  if (!fd_ || ::ftruncate(fd_.get(), kSlots) != 0) {
    fd_.Close();
    return;
  }
  // A script that shortened it would end the daemon by SIGBUS.
  ::fcntl(fd_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
  void* memory = ::mmap(nullptr, kSlots, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
  if (memory == MAP_FAILED) {
    fd_.Close();
    return;
  }
  bytes_ = static_cast<volatile char*>(memory);
}

PhaseMemory::~PhaseMemory() {
  if (bytes_ != nullptr) ::munmap(const_cast<char*>(bytes_), kSlots);
}

volatile char* PhaseMemory::Claim(std::size_t slot) {
  bytes_[slot] = 0;
  return bytes_ + slot;
}

}  // namespace migrationd::script

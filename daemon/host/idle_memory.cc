#include "daemon/host/idle_memory.h"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace migrationd::host {
namespace {

constexpr int kLargeBlock = 128 << 10;
constexpr std::size_t kMuch = std::size_t{4} << 20U;

int ReleasePagesOf(dl_phdr_info* object, std::size_t /*size*/, void* /*context*/) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    // What the loader has relocated is private and would be lost; it lies in writable segments.
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    const std::uintptr_t end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    // Where it is refused (the vDSO) nothing is gained and nothing lost.
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void IdleMemory::Expect() {
  timer_.expires_after(quiet_);
  timer_.async_wait([](const asio::error_code& error) {
    if (!error) GiveBack();
  });
}

void IdleMemory::Tune() {
  ::mallopt(M_MMAP_THRESHOLD, kLargeBlock);
  ::mallopt(M_TRIM_THRESHOLD, kLargeBlock);
}

void IdleMemory::TrimHeap() { ::malloc_trim(0); }

void IdleMemory::EndWork() {
  if (::mallinfo2().fordblks < kMuch) return TrimHeap();
  GiveBack();
}

void IdleMemory::GiveBack() {
  TrimHeap();
  ::dl_iterate_phdr(&ReleasePagesOf, nullptr);
}

}  // namespace migrationd::host

#include "daemon/host/idle_memory.h"

#include <gtest/gtest.h>
#include <link.h>
#include <malloc.h>

#include <cstddef>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace migrationd::host {
namespace {

/// Pages of files in this process's resident memory, in kB: RssFile, proc(5).
long FilePages() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("RssFile:")) return std::stol(line.substr(8));
  }
  return -1;
}

/// Looks at a byte of each page of the program and its libraries, so that there is something to
/// give back. Some lie between variables, where AddressSanitizer wants nobody to look; and
/// ThreadSanitizer would take a page of its own for each.
__attribute__((no_sanitize("address", "thread"))) int TouchPagesOf(dl_phdr_info* object,
                                                                   std::size_t /*size*/,
                                                                   void* /*context*/) {
  constexpr std::size_t kPage = 4096;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_R) == 0) continue;
    const auto* bytes = reinterpret_cast<const volatile char*>(object->dlpi_addr + segment.p_vaddr);
    for (std::size_t at = 0; at < segment.p_memsz; at += kPage) static_cast<void>(bytes[at]);
  }
  return 0;
}

TEST(IdleMemory, IsGivenBackOnceNothingHasHappenedForAWhile) {
  asio::io_context loop;
  IdleMemory memory(loop, std::chrono::milliseconds(1));
  dl_iterate_phdr(&TouchPagesOf, nullptr);
  const long before = FilePages();
  memory.Expect();
  memory.Expect();
  EXPECT_EQ(loop.run(), 2U) << "the first wait is given up for the second";
  const long after = FilePages();
  EXPECT_GT(after, 0);
  EXPECT_LT(after, before / 2);
}

TEST(IdleMemory, IsGivenBackAtTheEndOfWorkThatNeededMuch) {
  std::vector<std::unique_ptr<std::string>> blocks(20'000);
  for (auto& block : blocks) block = std::make_unique<std::string>(500, 'x');
  dl_iterate_phdr(&TouchPagesOf, nullptr);
  const long before = FilePages();
  IdleMemory::EndWork();
  EXPECT_GE(FilePages(), before) << "nothing of that is free yet";
  // The last one stays, or the heap would shrink by itself.
  blocks.erase(blocks.begin(), blocks.end() - 1);
  if (mallinfo2().fordblks == 0) GTEST_SKIP() << "this allocator tells nothing";
  IdleMemory::EndWork();
  EXPECT_LT(FilePages(), before / 2);
}

}  // namespace
}  // namespace migrationd::host

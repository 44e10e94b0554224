#include "daemon/host/idle_memory.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

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

TEST(IdleMemory, IsGivenBackOnceNothingHasHappenedForAWhile) {
  asio::io_context loop;
  IdleMemory memory(loop, std::chrono::milliseconds(1));
  const long before = FilePages();
  memory.Expect();
  memory.Expect();
  EXPECT_EQ(loop.run(), 2U) << "the first wait is given up for the second";
  const long after = FilePages();
  EXPECT_GT(after, 0);
  EXPECT_LT(after, before / 2);
}

}  // namespace
}  // namespace migrationd::host

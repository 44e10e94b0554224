#include "daemon/host/held_signals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace migrationd::host {
namespace {

std::atomic<pid_t> taker{0};

extern "C" void Take(int /*signal*/) { taker = gettid(); }

TEST(HeldSignals, AreForTheThreadThatHeldThemAlone) {
  std::signal(SIGTERM, Take);
  const HeldSignals held;
  std::atomic<bool> over = false;
  std::thread another([&over] {
    while (!over) std::this_thread::yield();
  });
  kill(getpid(), SIGTERM);
  EXPECT_EQ(taker, 0) << "nobody takes it yet";
  held.Release();
  EXPECT_EQ(taker, gettid());
  over = true;
  another.join();
  std::signal(SIGTERM, SIG_DFL);
}

}  // namespace
}  // namespace migrationd::host

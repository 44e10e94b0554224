#include "daemon/rpc/work_queue.h"

#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <thread>
#include <vector>

namespace migrationd::rpc {
namespace {

TEST(WorkQueue, DoesItsWorkInOrder) {
  std::vector<int> done;
  {
    WorkQueue queue;
    for (int i = 0; i < 1000; ++i) queue.Push([&done, i] { done.push_back(i); });
  }
  ASSERT_EQ(done.size(), 1000U) << "also what was queued when it was told to stop";
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(done[static_cast<std::size_t>(i)], i);
}

TEST(WorkQueue, DoesFirstWhatIsPushedFirst) {
  std::vector<int> done;
  {
    std::promise<void> gate;
    WorkQueue queue;
    queue.Push([&gate] { gate.get_future().wait(); });
    queue.Push([&done] { done.push_back(2); });
    queue.Push([&done] { done.push_back(3); });
    queue.PushFirst([&done] { done.push_back(1); });
    gate.set_value();
  }
  EXPECT_EQ(done, (std::vector<int>{1, 2, 3}));
}

TEST(WorkQueue, WorkMayMakeWork) {
  std::promise<std::thread::id> second;
  WorkQueue queue;
  queue.Push([&] { queue.Push([&] { second.set_value(std::this_thread::get_id()); }); });
  EXPECT_NE(second.get_future().get(), std::this_thread::get_id());
}

TEST(WorkQueue, TakesWorkFromManyThreads) {
  int done = 0;
  {
    WorkQueue queue;
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 1000; ++j) queue.Push([&done] { ++done; });
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(done, 4000);
}

TEST(WorkQueue, LeavesSignalsToOthers) {
  std::promise<bool> blocked;
  WorkQueue queue;
  queue.Push([&blocked] {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    blocked.set_value(sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGCHLD) == 1);
  });
  EXPECT_TRUE(blocked.get_future().get());
  sigset_t mine;
  pthread_sigmask(SIG_SETMASK, nullptr, &mine);
  EXPECT_EQ(sigismember(&mine, SIGTERM), 0) << "who makes it keeps its own mask";
}

}  // namespace
}  // namespace migrationd::rpc

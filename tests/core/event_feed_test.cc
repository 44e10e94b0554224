#include "daemon/core/event_feed.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace migrationd::core {
namespace {

constexpr std::size_t kPage = 1U << 20U;

std::vector<EventPtr> Lines(std::uint64_t first, std::uint64_t last, std::size_t bytes = 10) {
  std::vector<EventPtr> events;
  for (std::uint64_t sequence = first; sequence <= last; ++sequence) {
    events.push_back(std::make_shared<const Event>(
        Event{sequence, WallTime{0},
              OutputWritten{"a", OutputStream::kStdout, std::string(bytes, 'x')}}));
  }
  return events;
}

std::vector<EventPtr> End(std::uint64_t sequence) {
  return {std::make_shared<const Event>(Event{sequence, WallTime{0}, RunEnded{}})};
}

std::vector<std::uint64_t> SequencesOf(const EventFeed::Page& page) {
  std::vector<std::uint64_t> sequences;
  for (const EventPtr& event : page.events) sequences.push_back(event->sequence);
  return sequences;
}

using Sequences = std::vector<std::uint64_t>;

TEST(EventFeed, GivesWhatComesAfterAPosition) {
  EventFeed feed(kPage);
  feed.Append(Lines(1, 5));
  EXPECT_EQ(SequencesOf(feed.ReadAfter(0, kPage)), (Sequences{1, 2, 3, 4, 5}));
  EXPECT_EQ(SequencesOf(feed.ReadAfter(3, kPage)), (Sequences{4, 5}));
  EXPECT_EQ(SequencesOf(feed.ReadAfter(5, kPage)), Sequences{});
  EXPECT_EQ(feed.last_sequence(), 5U);
}

TEST(EventFeed, APageIsBoundedButNeverEmpty) {
  EventFeed feed(kPage);
  feed.Append(Lines(1, 5, 1000));
  EXPECT_EQ(SequencesOf(feed.ReadAfter(0, 2600)), (Sequences{1, 2}));
  EXPECT_EQ(SequencesOf(feed.ReadAfter(2, 1)), Sequences{3});
}

TEST(EventFeed, OnlyThePageWithTheLastEventIsComplete) {
  EventFeed feed(kPage);
  feed.Append(Lines(1, 2, 1000));
  feed.Append(End(3));
  EXPECT_FALSE(feed.ReadAfter(0, 1).complete);
  EXPECT_TRUE(feed.ReadAfter(2, kPage).complete);
  EXPECT_TRUE(feed.ReadAfter(3, kPage).complete) << "nothing more will come";
}

TEST(EventFeed, AReaderThatLagsIsToldAndHoldsNothingUp) {
  EventFeed feed(5000);
  feed.Append(Lines(1, 100, 1000));
  EXPECT_TRUE(feed.ReadAfter(0, kPage).behind);
  EXPECT_TRUE(feed.ReadAfter(0, kPage).events.empty());
  EXPECT_FALSE(feed.ReadAfter(99, kPage).behind);
  EXPECT_EQ(SequencesOf(feed.ReadAfter(99, kPage)), Sequences{100});
}

TEST(EventFeed, OneEventLargerThanTheWindowIsKept) {
  EventFeed feed(100);
  feed.Append(Lines(1, 2, 5000));
  EXPECT_EQ(SequencesOf(feed.ReadAfter(1, kPage)), Sequences{2});
}

TEST(EventFeed, WakesAWaiterOnceForWhatItWaitsFor) {
  EventFeed feed(kPage);
  feed.Append(Lines(1, 2));
  int woken = 0;
  ASSERT_TRUE(feed.Wait(2, [&woken] { ++woken; }));
  EXPECT_EQ(woken, 0);
  feed.Append(Lines(3, 3));
  feed.Append(Lines(4, 4));
  EXPECT_EQ(woken, 1);
}

TEST(EventFeed, DoesNotLetAnyoneWaitForWhatIsThere) {
  EventFeed feed(kPage);
  feed.Append(Lines(1, 2));
  const auto never = [] { FAIL() << "it was not registered"; };
  EXPECT_FALSE(feed.Wait(0, never));
  EXPECT_FALSE(feed.Wait(1, never));
  feed.Append(End(3));
  EXPECT_FALSE(feed.Wait(3, never)) << "there will never be more";
}

TEST(EventFeed, AForgottenWaiterIsNotWoken) {
  EventFeed feed(kPage);
  int woken = 0;
  const auto waiter = feed.Wait(0, [&woken] { ++woken; });
  ASSERT_TRUE(feed.Wait(0, [&woken] { woken += 10; }));
  feed.Forget(*waiter);
  feed.Append(Lines(1, 1));
  EXPECT_EQ(woken, 10);
  feed.Forget(*waiter);  // A second time is harmless.
}

TEST(EventFeed, AClosedOneTellsWhyAndWakesEveryone) {
  EventFeed feed(kPage);
  feed.Append(Lines(1, 2));
  int woken = 0;
  ASSERT_TRUE(feed.Wait(2, [&woken] { ++woken; }));
  feed.Close(Error{Reason::kStorageFailed, "the disk broke", ""});
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(SequencesOf(feed.ReadAfter(0, kPage)), (Sequences{1, 2}))
      << "what was stored is still told";
  EXPECT_FALSE(feed.ReadAfter(0, kPage).error);
  ASSERT_TRUE(feed.ReadAfter(2, kPage).error);
  EXPECT_EQ(feed.ReadAfter(2, kPage).error->message, "the disk broke");
  EXPECT_FALSE(feed.Wait(2, [] {}));
}

TEST(EventFeed, AfterTheLastEventClosingIsNoNews) {
  EventFeed feed(kPage);
  feed.Append(End(1));
  feed.Close(Error{Reason::kStorageFailed, "the disk broke", ""});
  EXPECT_FALSE(feed.ReadAfter(1, kPage).error);
  EXPECT_TRUE(feed.ReadAfter(1, kPage).complete);
}

/// Reads a feed to its end on a thread of its own, sleeping while there is nothing.
class Reader {
 public:
  explicit Reader(EventFeed& feed) : feed_(feed), thread_([this] { Loop(); }) {}

  Sequences Join() {
    thread_.join();
    return seen_;
  }

 private:
  void Loop() {
    std::uint64_t position = 0;
    while (true) {
      const EventFeed::Page page = feed_.ReadAfter(position, 4096);
      for (const EventPtr& event : page.events) seen_.push_back(event->sequence);
      if (!page.events.empty()) position = page.events.back()->sequence;
      if (page.complete) return;
      if (page.events.empty()) Sleep(position);
    }
  }

  void Sleep(std::uint64_t position) {
    const auto waiter = feed_.Wait(position, [this] {
      const std::lock_guard lock(mutex_);
      awake_ = true;
      changed_.notify_one();
    });
    if (!waiter) return;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return awake_; });
    awake_ = false;
  }

  EventFeed& feed_;
  Sequences seen_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool awake_ = false;
  std::thread thread_;
};

TEST(EventFeed, ReadersOnOtherThreadsSeeEachEventOnceInOrder) {
  constexpr std::uint64_t kEvents = 20'000;
  EventFeed feed(64U << 20U);
  Reader first(feed);
  Reader second(feed);
  for (std::uint64_t sequence = 1; sequence < kEvents; ++sequence)
    feed.Append(Lines(sequence, sequence));
  feed.Append(End(kEvents));
  for (Reader* reader : {&first, &second}) {
    const Sequences seen = reader->Join();
    ASSERT_EQ(seen.size(), kEvents);
    for (std::uint64_t i = 0; i < kEvents; ++i) ASSERT_EQ(seen[i], i + 1);
  }
}

TEST(EventFeed, ForgetReturnsOnlyWhenTheWakerIsOver) {
  EventFeed feed(64U << 20U);
  std::atomic<bool> stop = false;
  std::thread appender([&] {
    for (std::uint64_t sequence = 1; !stop; ++sequence) feed.Append(Lines(sequence, sequence));
  });
  for (int round = 0; round < 2000; ++round) {
    auto target = std::make_unique<std::atomic<int>>(0);
    const auto waiter = feed.Wait(feed.last_sequence(), [raw = target.get()] { ++*raw; });
    if (!waiter) continue;
    feed.Forget(*waiter);
    EXPECT_LE(target->load(), 1);
    target
        .reset();  // A waker that still ran would write to freed memory, for the sanitizers to see.
  }
  stop = true;
  appender.join();
}

}  // namespace
}  // namespace migrationd::core

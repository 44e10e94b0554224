#include "daemon/core/feed_pacer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/fakes/fake_executor.h"

namespace migrationd::core {
namespace {

using std::chrono::milliseconds;
using Sequences = std::vector<std::uint64_t>;

/// A run that says things, and a watcher who is woken for them.
class Pacing : public testing::Test {
 protected:
  void Says(std::size_t bytes = 10) {
    Append(OutputWritten{"a", OutputStream::kStdout, std::string(bytes, 'x')});
  }
  void Ends() { Append(RunEnded{}); }
  void Pass(int time) { executor_.Pass(milliseconds(time)); }
  /// So many others wait for the first thing that is said.
  void Crowd(int size) {
    for (int i = 0; i < size; ++i) ASSERT_TRUE(feed_.Wait(0, [] {}));
  }
  /// What the watcher has been shown since it was asked last.
  Sequences Shown() {
    Sequences shown;
    for (const EventPtr& event : feed_.ReadAfter(position_, SIZE_MAX).events)
      shown.push_back(event->sequence);
    if (!shown.empty()) position_ = shown.back();
    return shown;
  }

  fakes::FakeExecutor executor_;
  EventFeed feed_{std::size_t{1} << 20U};
  FeedPacer pacer_{feed_,
                   executor_,
                   {.interval = milliseconds(100),
                    .for_each = milliseconds(1),
                    .longest = milliseconds(500),
                    .bytes = 10000}};

 private:
  void Append(Fact fact) {
    const EventPtr event =
        std::make_shared<const Event>(Event{++sequence_, WallTime{0}, std::move(fact)});
    pacer_.Append({&event, 1});
  }

  std::uint64_t sequence_ = 0;
  std::uint64_t position_ = 0;
};

TEST_F(Pacing, WhatComesAloneIsShownAtOnce) {
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
    Says();
    EXPECT_EQ(Shown(), Sequences{sequence});
    Pass(100);
  }
}

TEST_F(Pacing, WhatComesInAHurryIsShownTogether) {
  Says();
  EXPECT_EQ(Shown(), Sequences{1});
  Says();
  Pass(60);
  Says();
  EXPECT_EQ(Shown(), Sequences{}) << "too soon after the first";
  Pass(40);
  EXPECT_EQ(Shown(), (Sequences{2, 3}));
  Says();
  EXPECT_EQ(Shown(), Sequences{}) << "the next pause has begun";
  Pass(100);
  EXPECT_EQ(Shown(), Sequences{4});
}

TEST_F(Pacing, ACrowdIsShownThingsLessOften) {
  Crowd(50);
  Says();
  EXPECT_EQ(Shown(), Sequences{1});
  Says();
  Pass(149);
  EXPECT_EQ(Shown(), Sequences{});
  Pass(1);
  EXPECT_EQ(Shown(), Sequences{2});
  Says();
  Pass(100);
  EXPECT_EQ(Shown(), Sequences{3}) << "nobody waited for the last one";
}

TEST_F(Pacing, NoCrowdIsSoLargeThatItWaitsForLonger) {
  Crowd(2000);
  Says();
  Says();
  Pass(500);
  EXPECT_EQ(Shown(), (Sequences{1, 2}));
}

TEST_F(Pacing, AWatcherIsWokenOnceForAllOfThem) {
  Says();
  int woken = 0;
  ASSERT_TRUE(feed_.Wait(1, [&woken] { ++woken; }));
  for (int line = 0; line < 5; ++line) Says();
  EXPECT_EQ(woken, 0);
  Pass(100);
  EXPECT_EQ(woken, 1);
}

TEST_F(Pacing, TheEndIsShownAtOnceWithAllBeforeIt) {
  Says();
  Says();
  Ends();
  EXPECT_EQ(Shown(), (Sequences{1, 2, 3}));
  EXPECT_TRUE(feed_.ReadAfter(3, SIZE_MAX).complete);
}

TEST_F(Pacing, AFloodIsNotHeldBack) {
  Says();
  EXPECT_EQ(Shown(), Sequences{1});
  Says(6000);
  EXPECT_EQ(Shown(), Sequences{});
  Says(6000);
  EXPECT_EQ(Shown(), (Sequences{2, 3}));
  Says();
  EXPECT_EQ(Shown(), Sequences{});
  Pass(100);
  EXPECT_EQ(Shown(), Sequences{4});
}

TEST_F(Pacing, WhoeverJoinsSeesAllThatIsStored) {
  Says();
  Says();
  pacer_.Flush();
  EXPECT_EQ(Shown(), (Sequences{1, 2}));
}

TEST(FeedPacer, ARunThatIsGoneShowsNothingAnyMore) {
  fakes::FakeExecutor executor;
  EventFeed feed(std::size_t{1} << 20U);
  std::optional<FeedPacer> pacer;
  pacer.emplace(feed, executor, FeedPacer::Pace{});
  for (std::uint64_t sequence = 1; sequence <= 2; ++sequence) {
    const EventPtr event = std::make_shared<const Event>(
        Event{sequence, WallTime{0}, OutputWritten{"a", OutputStream::kStdout, "x"}});
    pacer->Append({&event, 1});
  }
  pacer.reset();
  executor.Pass(std::chrono::seconds(1));
  EXPECT_EQ(feed.last_sequence(), 1U);
}

}  // namespace
}  // namespace migrationd::core

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

class EngineHistory : public testing::Test {
 protected:
  EngineHistory() {
    host_.catalogue.Write("v1.1.0/001_a.py");
    EXPECT_TRUE(host_.Start());
  }

  Engine& engine() { return host_.engine(); }
  RunId RunThatHangs() {
    host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
    return *host_.Run();
  }

  fakes::TestHost host_;
};

TEST_F(EngineHistory, WithoutARunThereIsNothingToSubscribeTo) {
  const auto subscription = engine().Subscribe(std::nullopt, 0, std::nullopt);
  ASSERT_FALSE(subscription);
  EXPECT_EQ(subscription.error().reason, Reason::kRunNotFound);
}

TEST_F(EngineHistory, ByDefaultItIsTheRunThatGoesOn) {
  host_.runner.On("1.1.0/001_a.py").FailsIn(Phase::kMigrate, "boom");
  ASSERT_TRUE(host_.Run());
  const RunId current = RunThatHangs();
  const auto subscription = engine().Subscribe(std::nullopt, 0, std::nullopt);
  EXPECT_EQ(subscription->run, current);
  EXPECT_NE(subscription->feed, nullptr);
}

TEST_F(EngineHistory, OrElseTheLastOne) {
  ASSERT_TRUE(host_.Run());
  const auto last = host_.Run();
  const auto subscription = engine().Subscribe(std::nullopt, 0, std::nullopt);
  EXPECT_EQ(subscription->run, *last);
  EXPECT_EQ(subscription->feed, nullptr) << "it is over";
}

TEST_F(EngineHistory, WhoeverJoinsIsShownWhatWasHeldBackFromTheOthers) {
  RunThatHangs();
  const auto first = engine().Subscribe(std::nullopt, 0, std::nullopt);
  const std::uint64_t known = first->feed->last_sequence();
  host_.runner.Print("a line\n");
  EXPECT_EQ(first->feed->last_sequence(), known) << "it comes in a hurry";
  const auto second = engine().Subscribe(std::nullopt, 0, std::nullopt);
  EXPECT_EQ(second->feed->last_sequence(), known + 1);
}

TEST_F(EngineHistory, ARunIsFoundByItsNameOrItsNumber) {
  const auto first = host_.Run();
  const RunId current = RunThatHangs();
  for (const RunId& name : {*first, RunId{1, "1"}})
    EXPECT_EQ(engine().Subscribe(name, 0, std::nullopt)->run, *first);
  for (const RunId& name : {current, RunId{2, "2"}}) {
    EXPECT_EQ(engine().Subscribe(name, 0, std::nullopt)->run, current);
  }
  EXPECT_EQ(engine().Subscribe(RunId{3, "3"}, 0, std::nullopt).error().reason,
            Reason::kRunNotFound);
  EXPECT_EQ(engine().Subscribe(MakeRunId(1, 0x12345678), 0, std::nullopt).error().reason,
            Reason::kRunNotFound)
      << "the same number in another life of the state";
}

TEST_F(EngineHistory, APositionThatTheLogHasIsTaken) {
  const auto run = host_.Run();
  const auto events = host_.EventsOf(*run);
  for (const EventPtr& event : events) {
    EXPECT_TRUE(engine().Subscribe(*run, event->sequence, std::nullopt)) << event->sequence;
    EXPECT_TRUE(engine().Subscribe(*run, event->sequence, event->time)) << event->sequence;
  }
}

TEST_F(EngineHistory, APositionThatTheLogDoesNotHaveIsAnsweredHonestly) {
  const auto run = host_.Run();
  const auto beyond = engine().Subscribe(*run, host_.EventsOf(*run).size() + 1, std::nullopt);
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().reason, Reason::kPositionUnknown);
  EXPECT_NE(beyond.error().message.find(run->text), std::string::npos);
  EXPECT_EQ(engine().Subscribe(*run, 1'000'000, std::nullopt).error().reason,
            Reason::kPositionUnknown);

  const RunId current = RunThatHangs();
  const auto future = engine().Subscribe(current, 100, std::nullopt);
  ASSERT_FALSE(future);
  EXPECT_EQ(future.error().reason, Reason::kPositionUnknown);
}

TEST_F(EngineHistory, AnEventThatIsAnotherOneThanWasSeenIsNoticed) {
  const RunId run = RunThatHangs();
  host_.runner.Print("lost with the power\n");
  const EventPtr seen = host_.EventsOf(run).back();
  ASSERT_TRUE(engine().Subscribe(run, seen->sequence, seen->time));
  host_.Crash();
  ASSERT_TRUE(host_.Start());
  // The event of that number is there again: the interruption took it.
  ASSERT_GE(host_.EventsOf(run).back()->sequence, seen->sequence);
  EXPECT_TRUE(engine().Subscribe(run, seen->sequence, std::nullopt))
      << "who does not say what it saw is believed";
  const auto subscription = engine().Subscribe(run, seen->sequence, seen->time);
  ASSERT_FALSE(subscription);
  EXPECT_EQ(subscription.error().reason, Reason::kPositionUnknown);
}

TEST_F(EngineHistory, ARunThatWasPrunedIsNotFound) {
  host_.store.KeepRuns(1);
  const auto first = host_.Run();
  ASSERT_TRUE(host_.Run());
  EXPECT_EQ(engine().Subscribe(*first, 0, std::nullopt).error().reason, Reason::kRunNotFound);
  EXPECT_EQ(host_.Status().recorded, 1U) << "the state is never pruned";
}

TEST_F(EngineHistory, EventsOfAnyRunCanBeRead) {
  const auto run = host_.Run();
  const auto page = engine().ReadEvents(*run, 1, 1U << 20U);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->events.front()->sequence, 2U);
  EXPECT_TRUE(page->complete);
}

TEST_F(EngineHistory, RunsAreListedNewestFirstPageByPage) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(host_.Run());
  std::vector<std::uint64_t> numbers;
  std::vector<std::size_t> sizes;
  std::uint64_t before = 0;
  do {
    const auto page = engine().ListRuns(before, 2);
    for (const RunSummary& run : page->runs) numbers.push_back(run.id.number);
    sizes.push_back(page->runs.size());
    before = page->next_before;
  } while (before != 0);
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{5, 4, 3, 2, 1}));
  EXPECT_EQ(sizes, (std::vector<std::size_t>{2, 2, 1}));
}

TEST_F(EngineHistory, APageThatIsExactlyFullIsTheLast) {
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(host_.Run());
  const auto first = engine().ListRuns(0, 2);
  EXPECT_EQ(first->next_before, 3U);
  EXPECT_EQ(engine().ListRuns(3, 2)->next_before, 0U);
}

TEST_F(EngineHistory, TheRunThatGoesOnIsListedAsItIsNow) {
  const RunId run = RunThatHangs();
  host_.runner.Print("half way\n");
  const auto page = engine().ListRuns(0, 10);
  ASSERT_EQ(page->runs.size(), 1U);
  EXPECT_EQ(page->runs[0].id, run);
  EXPECT_EQ(page->runs[0].outcome, std::nullopt);
  EXPECT_EQ(page->runs[0].last_sequence, 3U);
}

TEST_F(EngineHistory, ResolutionsAndBaselinesAreInIt) {
  ASSERT_TRUE(host_.Baseline("1.0"));
  ASSERT_TRUE(host_.Resolve("1.1.0/001_a.py", Resolution::kSkipped, "not here"));
  const auto page = engine().ListRuns(0, 10);
  ASSERT_EQ(page->runs.size(), 2U);
  EXPECT_EQ(page->runs[0].kind, RunKind::kResolve);
  EXPECT_EQ(page->runs[0].subject, "1.1.0/001_a.py");
  EXPECT_EQ(page->runs[0].message, "not here");
  EXPECT_EQ(page->runs[1].kind, RunKind::kBaseline);
  EXPECT_EQ(page->runs[1].message, "a fresh installation");
}

TEST_F(EngineHistory, OldRunsArePrunedAfterEachRunAndEntry) {
  host_.store.KeepRuns(2);
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(host_.Run());
  EXPECT_EQ(host_.store.runs(), 2U);
  ASSERT_TRUE(host_.Baseline("2.0"));
  EXPECT_EQ(host_.store.runs(), 2U);
}

}  // namespace
}  // namespace migrationd::core

#include "daemon/storage/state_store.h"

#include <gtest/gtest.h>

#include "daemon/storage/posix_files.h"
#include "tests/storage/another_daemon.h"
#include "tests/storage/chronicle.h"
#include "tests/storage/temp_directory.h"

namespace migrationd::storage {
namespace {

constexpr const char* kMigration = "1.1.0/001_rename.py";

class StateStoreTest : public testing::Test {
 protected:
  std::unique_ptr<StateStore> Store() {
    StoreOptions options;
    options.state_file = state_file_;
    options.limits = limits_;
    return std::make_unique<StateStore>(options, files_);
  }

  /// Opens, and expects that to work.
  core::StoredState Opened(StateStore& store) {
    core::Result<core::StoredState> stored = store.Open();
    EXPECT_TRUE(stored.ok()) << stored.error().message;
    return stored.ok() ? std::move(*stored) : core::StoredState{};
  }

  /// A whole run of one migration, with the checkpoint.
  core::State RunOnce(StateStore& store, std::uint64_t number, core::State state = {},
                      const std::string& request_id = "") {
    Chronicle run(number);
    EXPECT_TRUE(store.Begin(run.run(), std::vector{run.Start(1, request_id)}).ok());
    EXPECT_TRUE(store.Append(std::vector{run.StartMigration(kMigration)}, true).ok());
    EXPECT_TRUE(store.Append(std::vector{run.Print(kMigration, "working\n")}, false).ok());
    EXPECT_TRUE(store.Append(std::vector{run.EndMigration(kMigration), run.End()}, true).ok());
    state = FoldOf(run, std::move(state));
    EXPECT_TRUE(store.Checkpoint(state).ok());
    return state;
  }

  PosixFiles files_;
  TempDirectory directory_;
  StoreLimits limits_;
  std::string state_file_ = directory_ / "var/lib/migration_state.json";
};

TEST_F(StateStoreTest, BeginsEmptyAndMakesItsFolders) {
  const auto store = Store();
  const core::StoredState stored = Opened(*store);
  EXPECT_EQ(stored.state, core::State{});
  EXPECT_EQ(stored.last_run, 0U);
  EXPECT_FALSE(stored.unfinished);
  EXPECT_TRUE(store->CheckRoom().ok());
}

TEST_F(StateStoreTest, RemembersAFinishedRunAcrossRestarts) {
  core::State state;
  {
    const auto store = Store();
    Opened(*store);
    state = RunOnce(*store, 1);
  }
  const auto store = Store();
  const core::StoredState stored = Opened(*store);
  EXPECT_EQ(stored.state, state);
  EXPECT_EQ(stored.last_run, 1U);
  EXPECT_EQ(stored.last_sequence, 5U);
  EXPECT_FALSE(stored.unfinished);
  EXPECT_TRUE(stored.notices.empty());
}

TEST_F(StateStoreTest, FindsTheRunThatWasBrokenOffAndGoesOnWithItsLog) {
  Chronicle run(1);
  {
    const auto store = Store();
    Opened(*store);
    ASSERT_TRUE(store->Begin(run.run(), std::vector{run.Start()}).ok());
    ASSERT_TRUE(store->Append(std::vector{run.StartMigration(kMigration)}, true).ok());
  }
  const auto store = Store();
  const core::StoredState stored = Opened(*store);
  EXPECT_EQ(stored.unfinished, run.run());
  EXPECT_EQ(stored.last_sequence, 2U);
  EXPECT_EQ(stored.state.in_flight.at(kMigration), run.run().text);
  ASSERT_TRUE(store->Append(std::vector{run.End(0)}, true).ok());
  const auto page = store->ReadEvents(run.run(), 0, 1 << 20);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->events.size(), 3U);
  EXPECT_TRUE(page->complete);
}

TEST_F(StateStoreTest, ReadsARunInPagesWithoutGapOrRepeat) {
  const auto store = Store();
  Opened(*store);
  Chronicle run(1);
  std::vector<core::EventPtr> first{run.Start()};
  ASSERT_TRUE(store->Begin(run.run(), first).ok());
  std::vector<core::EventPtr> events;
  events.reserve(3000);
  for (int i = 0; i < 3000; ++i) events.push_back(run.Print(kMigration, std::string(200, 'x')));
  ASSERT_TRUE(store->Append(events, false).ok());
  std::uint64_t after = 0;
  while (after < 3001) {
    const auto page = store->ReadEvents(run.run(), after, 5000);
    ASSERT_TRUE(page.ok());
    ASSERT_FALSE(page->events.empty());
    EXPECT_FALSE(page->complete);
    for (const auto& event : page->events) ASSERT_EQ(event->sequence, ++after);
  }
  const auto nothing_yet = store->ReadEvents(run.run(), after, 5000);
  ASSERT_TRUE(nothing_yet.ok());
  EXPECT_TRUE(nothing_yet->events.empty());
  ASSERT_TRUE(store->Append(std::vector{run.End()}, true).ok());
  const auto end = store->ReadEvents(run.run(), after, 5000);
  ASSERT_TRUE(end.ok());
  EXPECT_TRUE(end->complete);
  // A watcher that was here before resumes in the middle.
  EXPECT_EQ(store->ReadEvents(run.run(), 1500, 1)->events.front()->sequence, 1501U);
}

TEST_F(StateStoreTest, APositionThatTheLogDoesNotHaveIsSaidSo) {
  const auto store = Store();
  Opened(*store);
  RunOnce(*store, 1);
  const auto page = store->ReadEvents(Chronicle(1).run(), 99, 1000);
  ASSERT_FALSE(page.ok());
  EXPECT_EQ(page.error().reason, core::Reason::kPositionUnknown);
  EXPECT_TRUE(store->ReadEvents(Chronicle(1).run(), 5, 1000)->complete);
}

TEST_F(StateStoreTest, ListsRunsNewestFirstAndFindsThemByNumberAndRequest) {
  const auto store = Store();
  Opened(*store);
  core::State state;
  for (std::uint64_t number = 1; number <= 4; ++number) {
    state = RunOnce(*store, number, state, "request-" + std::to_string(number));
  }
  const auto runs = store->ListRuns(0, 2);
  ASSERT_TRUE(runs.ok());
  ASSERT_EQ(runs->size(), 2U);
  EXPECT_EQ(runs->front().id.number, 4U);
  EXPECT_EQ(runs->front().applied, 1U);
  EXPECT_EQ(store->ListRuns(3, 10)->size(), 2U);
  EXPECT_EQ(store->FindRequest("request-2")->id, Chronicle(2).run());
  EXPECT_FALSE(store->FindRequest("request-9"));
  EXPECT_EQ(*store->FindRun({3, "3"}), Chronicle(3).run());
  EXPECT_EQ(store->FindRun({3, "3-00000000"}).error().reason, core::Reason::kRunNotFound);
  // After a restart the same comes from the files.
  const auto listed = *store->ListRuns(0, 10);
  const auto other = Store();
  EXPECT_EQ(*other->ListRuns(0, 10), listed);
}

TEST_F(StateStoreTest, TwoStatesInOneFolderHaveTheirOwnRuns) {
  {
    const auto store = Store();
    Opened(*store);
    RunOnce(*store, 1);
  }
  state_file_ = directory_ / "var/lib/other_state.json";
  const auto other = Store();
  const core::StoredState stored = Opened(*other);
  EXPECT_EQ(stored.state, core::State{});
  EXPECT_EQ(stored.last_run, 0U);
}

TEST_F(StateStoreTest, ASecondDaemonIsTurnedAwayAndToldWhoOwnsTheState) {
  const auto first = Store();
  const AnotherDaemon daemon([&] { Opened(*first); });
  const auto second = Store();
  const auto stored = second->Open();
  ASSERT_FALSE(stored.ok());
  EXPECT_EQ(stored.error().reason, core::Reason::kStateLocked);
  EXPECT_NE(stored.error().message.find(std::to_string(daemon.pid())), std::string::npos);
  EXPECT_EQ(second->CheckRoom().error().reason, core::Reason::kStateLocked);
  EXPECT_TRUE(second->ListRuns(0, 5).ok());
}

TEST_F(StateStoreTest, ADaemonThatIsKilledWhileItStartsAProcessLeavesTheStateFree) {
  const auto first = Store();
  AnotherDaemon daemon([&] { Opened(*first); });
  daemon.Kill();
  const auto next = Store();
  Opened(*next);
}

TEST_F(StateStoreTest, PrunesTheOldestButNothingThatTheStateNeeds) {
  limits_.max_runs = 1;
  core::State state;
  {
    const auto store = Store();
    Opened(*store);
    for (std::uint64_t number = 1; number <= 5; ++number) state = RunOnce(*store, number, state);
    EXPECT_EQ(store->Prune(core::WallTime{0}), 4U);
    EXPECT_EQ(store->ListRuns(0, 10)->size(), 1U);
  }
  const auto store = Store();
  EXPECT_EQ(Opened(*store).state, state);
}

TEST_F(StateStoreTest, KeepsTheLogsThatThePreviousGenerationNeeds) {
  limits_.max_runs = 1;
  core::State state;
  {
    const auto store = Store();
    Opened(*store);
    for (std::uint64_t number = 1; number <= 3; ++number) state = RunOnce(*store, number, state);
    Chronicle run(4);
    ASSERT_TRUE(store->Begin(run.run(), std::vector{run.Start(), run.End()}).ok());
    state = FoldOf(run, state);
    EXPECT_EQ(store->Prune(core::WallTime{0}), 2U);
  }
  std::filesystem::remove(state_file_);
  const auto store = Store();
  EXPECT_EQ(Opened(*store).state, state);
}

}  // namespace
}  // namespace migrationd::storage

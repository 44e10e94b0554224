#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/storage/disk.h"
#include "daemon/storage/run_directory.h"
#include "daemon/storage/state_store.h"
#include "tests/storage/chronicle.h"
#include "tests/storage/faults/model_files.h"

namespace migrationd::storage {
namespace {

constexpr const char* kState = "/var/lib/migration_state.json";
constexpr const char* kPrevious = "/var/lib/migration_state.json.previous";

StoreOptions Options() {
  StoreOptions options;
  options.state_file = kState;
  return options;
}

std::string Get(Files& files, const std::string& path) {
  return ReadFile(files, path, 1U << 30U).value;
}

void Set(Files& files, const std::string& path, const std::string& bytes) {
  const Io<OpenFile> file = OpenToWrite(files, path);
  ASSERT_TRUE(file.ok());
  ASSERT_EQ(file.value.Truncate(0), 0);
  ASSERT_EQ(file.value.Write(bytes, 0), 0);
}

std::string Flipped(std::string bytes, std::size_t at) {
  bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << (at % 8)));
  return bytes;
}

/// How many line feeds are among the first `size` bytes.
std::size_t LinesIn(const std::string& bytes, std::size_t size) {
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(size);
  return static_cast<std::size_t>(std::count(bytes.begin(), end, '\n'));
}

/// Two finished runs with their checkpoints, and one that goes on.
class DamageTest : public testing::Test {
 protected:
  DamageTest() {
    StateStore store(Options(), disk_);
    EXPECT_TRUE(store.Open().ok());
    core::State state;
    for (Chronicle* run : {&first_, &second_}) {
      const std::string id = "1.1.0/00" + std::to_string(run->run().number) + "_a.py";
      EXPECT_TRUE(store.Begin(run->run(), std::vector{run->Start(), run->StartMigration(id)}).ok());
      EXPECT_TRUE(store.Append(std::vector{run->Print(id, "working\n")}, false).ok());
      EXPECT_TRUE(store.Append(std::vector{run->EndMigration(id), run->End()}, true).ok());
      state = FoldOf(*run, state);
      EXPECT_TRUE(store.Checkpoint(state).ok());
    }
    after_two_ = state;
    EXPECT_TRUE(store.Begin(third_.run(), std::vector{third_.Start()}).ok());
    for (const char* id : {"1.2.0/001_a.py", "1.2.0/002_b.py"}) {
      EXPECT_TRUE(store.Append(std::vector{third_.StartMigration(id)}, true).ok());
      EXPECT_TRUE(store.Append(std::vector{third_.EndMigration(id)}, true).ok());
    }
    after_all_ = FoldOf(third_, state);
  }

  struct Outcome {
    core::Result<core::StoredState> stored;
    bool was_noticed = false;
  };
  static Outcome OpenOn(ModelFiles& disk) {
    StateStore store(Options(), disk);
    Outcome outcome{store.Open()};
    outcome.was_noticed = !outcome.stored.ok() || !outcome.stored->notices.empty();
    return outcome;
  }

  static std::string LogOf(const Chronicle& run) {
    return "/var/lib/migration_state.json.runs/" + LogFileName(run.run());
  }

  ModelFiles disk_;
  Chronicle first_{1};
  Chronicle second_{2};
  Chronicle third_{3};
  core::State after_two_;
  core::State after_all_;
};

TEST_F(DamageTest, AFlippedByteInTheStateFileCostsNothing) {
  const std::string good = Get(disk_, kState);
  for (std::size_t i = 0; i < good.size(); ++i) {
    const auto disk = disk_.Copy();
    Set(*disk, kState, Flipped(good, i));
    const Outcome outcome = OpenOn(*disk);
    ASSERT_TRUE(outcome.stored.ok()) << "byte " << i << ": " << outcome.stored.error().message;
    ASSERT_EQ(outcome.stored->state, after_all_) << "byte " << i;
    ASSERT_TRUE(outcome.was_noticed) << "byte " << i;
  }
}

TEST_F(DamageTest, ACutStateFileCostsNothing) {
  const std::string good = Get(disk_, kState);
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto disk = disk_.Copy();
    Set(*disk, kState, good.substr(0, size));
    const Outcome outcome = OpenOn(*disk);
    ASSERT_TRUE(outcome.stored.ok()) << size << " bytes: " << outcome.stored.error().message;
    ASSERT_EQ(outcome.stored->state, after_all_) << size << " bytes";
    ASSERT_TRUE(outcome.was_noticed);
  }
}

TEST_F(DamageTest, BothGenerationsDamagedAreRebuiltFromLogsThatGoBackToTheBeginning) {
  Set(disk_, kState, "");
  Set(disk_, kPrevious, "[]");
  const Outcome outcome = OpenOn(disk_);
  ASSERT_TRUE(outcome.stored.ok()) << outcome.stored.error().message;
  EXPECT_EQ(outcome.stored->state, after_all_);
  EXPECT_EQ(outcome.stored->notices.back(), "the state was rebuilt from the run logs alone");
}

TEST_F(DamageTest, BothGenerationsDamagedAndTheFirstLogGoneIsDamage) {
  Set(disk_, kState, "");
  Set(disk_, kPrevious, "[]");
  ASSERT_EQ(disk_.Unlink(LogOf(first_)), 0);
  const Outcome outcome = OpenOn(disk_);
  ASSERT_FALSE(outcome.stored.ok());
  EXPECT_EQ(outcome.stored.error().reason, core::Reason::kStateDamaged);
  EXPECT_NE(outcome.stored.error().message.find("do not go back to the beginning"),
            std::string::npos);
  EXPECT_NE(outcome.stored.error().hint.find("backup"), std::string::npos);
}

TEST_F(DamageTest, BothGenerationsGoneAndTheFirstLogGoneIsDamage) {
  for (const std::string& path : {std::string(kState), std::string(kPrevious), LogOf(first_)}) {
    ASSERT_EQ(disk_.Unlink(path), 0);
  }
  EXPECT_EQ(OpenOn(disk_).stored.error().reason, core::Reason::kStateDamaged);
}

TEST_F(DamageTest, AForeignFileAloneIsDamageAndIsLeftAlone) {
  for (const char* bytes : {"", "[]", "{}", "{\"format\": 1}", "hello"}) {
    ModelFiles disk;
    ASSERT_EQ(MakeDirectories(disk, "/var/lib"), 0);
    Set(disk, kState, bytes);
    StateStore store(Options(), disk);
    const auto stored = store.Open();
    ASSERT_FALSE(stored.ok()) << bytes;
    EXPECT_EQ(stored.error().reason, core::Reason::kStateDamaged);
    EXPECT_NE(stored.error().message.find(kState), std::string::npos);
    EXPECT_EQ(store.Checkpoint({}).error().reason, core::Reason::kStateDamaged);
    EXPECT_EQ(store.Begin(Chronicle(1).run(), {}).error().reason, core::Reason::kStateDamaged);
    EXPECT_EQ(Get(disk, kState), bytes);
  }
}

TEST_F(DamageTest, AStateOfANewerMigrationdIsRefusedWhateverElseIsThere) {
  Set(disk_, kState, "{\"format\": 2}");
  const Outcome outcome = OpenOn(disk_);
  ASSERT_FALSE(outcome.stored.ok());
  EXPECT_EQ(outcome.stored.error().reason, core::Reason::kStateDamaged);
  EXPECT_NE(outcome.stored.error().message.find("newer migrationd"), std::string::npos);
}

TEST_F(DamageTest, TheDamagedFileIsKeptAsEvidence) {
  Set(disk_, kState, "rubbish");
  StateStore store(Options(), disk_);
  ASSERT_TRUE(store.Open().ok());
  ASSERT_TRUE(store.Checkpoint(after_all_).ok());
  EXPECT_EQ(Get(disk_, std::string(kState) + ".damaged"), "rubbish");
}

TEST_F(DamageTest, AFlippedByteInTheLogOfTheRunIsDamageOrATornEnd) {
  const std::string good = Get(disk_, LogOf(third_));
  for (std::size_t i = 0; i < good.size(); ++i) {
    const auto disk = disk_.Copy();
    Set(*disk, LogOf(third_), Flipped(good, i));
    const Outcome outcome = OpenOn(*disk);
    ASSERT_TRUE(outcome.was_noticed) << "byte " << i;
    const std::size_t line = LinesIn(good, i);
    if (line + 1 < third_.events().size()) {
      // A later line proves that this one had been stored.
      ASSERT_FALSE(outcome.stored.ok()) << "byte " << i;
      ASSERT_EQ(outcome.stored.error().reason, core::Reason::kStateDamaged);
    } else {
      ASSERT_TRUE(outcome.stored.ok()) << outcome.stored.error().message;
      ASSERT_EQ(outcome.stored->last_sequence, line);
      // Nothing is believed done that was not; check() will tell.
      ASSERT_TRUE(outcome.stored->state.in_flight.contains("1.2.0/002_b.py"));
    }
  }
}

TEST_F(DamageTest, ALogCutAnywhereKeepsItsWholeLines) {
  const std::string good = Get(disk_, LogOf(third_));
  for (std::size_t size = 0; size < good.size(); ++size) {
    const auto disk = disk_.Copy();
    Set(*disk, LogOf(third_), good.substr(0, size));
    const Outcome outcome = OpenOn(*disk);
    ASSERT_TRUE(outcome.stored.ok()) << size << " bytes: " << outcome.stored.error().message;
    const std::size_t lines = LinesIn(good, size);
    ASSERT_EQ(outcome.stored->last_sequence, lines == 0 ? second_.events().size() : lines);
    ASSERT_EQ(outcome.stored->last_run, lines == 0 ? 2U : 3U);
    core::State expected = after_two_;
    for (std::uint64_t i = 0; i < lines; ++i)
      core::Apply(expected, third_.run(), *third_.events()[i]);
    ASSERT_EQ(outcome.stored->state, expected);
  }
}

TEST_F(DamageTest, AFlippedByteInAFinishedLogIsSaidToWhoeverReadsIt) {
  const std::string good = Get(disk_, LogOf(first_));
  for (std::size_t i = 0; i < good.size(); ++i) {
    const auto disk = disk_.Copy();
    Set(*disk, LogOf(first_), Flipped(good, i));
    StateStore store(Options(), *disk);
    const auto stored = store.Open();
    ASSERT_TRUE(stored.ok()) << stored.error().message;
    ASSERT_EQ(stored->state, after_all_);
    std::uint64_t after = 0;
    core::Result<core::EventPage> page = store.ReadEvents(first_.run(), after, 1 << 20);
    while (page.ok() && !page->complete && !page->events.empty()) {
      after += page->events.size();
      page = store.ReadEvents(first_.run(), after, 1 << 20);
    }
    ASSERT_FALSE(page.ok()) << "byte " << i;
    ASSERT_EQ(page.error().reason, core::Reason::kStateDamaged);
    ASSERT_TRUE(store.ListRuns(0, 10).ok());
  }
}

TEST_F(DamageTest, AMissingLogIsNoticedByTheOneThatFollows) {
  ASSERT_EQ(disk_.Unlink(kState), 0);
  ASSERT_EQ(disk_.Unlink(LogOf(second_)), 0);
  const Outcome outcome = OpenOn(disk_);
  ASSERT_FALSE(outcome.stored.ok());
  EXPECT_NE(outcome.stored.error().message.find("a run log is missing"), std::string::npos);
}

TEST_F(DamageTest, ALogOfAnotherRunIsNotTakenForThisOne) {
  Set(disk_, LogOf(third_), Get(disk_, LogOf(second_)));
  const Outcome outcome = OpenOn(disk_);
  ASSERT_FALSE(outcome.stored.ok());
  EXPECT_NE(outcome.stored.error().message.find("its first line says otherwise"),
            std::string::npos);
}

TEST_F(DamageTest, TwoLogsForOnePlaceAreRefused) {
  Set(disk_, "/var/lib/migration_state.json.runs/" + LogFileName(core::MakeRunId(3, 1)),
      Get(disk_, LogOf(third_)));
  EXPECT_EQ(OpenOn(disk_).stored.error().reason, core::Reason::kStateDamaged);
}

TEST_F(DamageTest, RecordsOfTheOriginalAreInNoLogAndNotForgotten) {
  ModelFiles disk;
  ASSERT_EQ(MakeDirectories(disk, "/var/lib"), 0);
  Set(disk, kState, R"({"applied": ["1.0.0/001_old.py"]})");
  Chronicle run(1);
  {
    StateStore store(Options(), disk);
    const auto stored = store.Open();
    ASSERT_TRUE(stored.ok()) << stored.error().message;
    EXPECT_EQ(stored->state.records.size(), 1U);
    ASSERT_TRUE(store.Begin(run.run(), std::vector{run.Start(), run.End()}).ok());
    ASSERT_TRUE(store.Checkpoint(FoldOf(run, stored->state)).ok());
  }
  EXPECT_EQ(OpenOn(disk).stored->state.records.size(), 1U);
  // The log alone does not have them: rebuilding from it would forget.
  ASSERT_EQ(disk.Unlink(kState), 0);
  EXPECT_EQ(OpenOn(disk).stored->state.records.size(), 1U);
  ASSERT_EQ(disk.Unlink(kPrevious), 0);
  EXPECT_EQ(OpenOn(disk).stored.error().reason, core::Reason::kStateDamaged);
}

}  // namespace
}  // namespace migrationd::storage

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <cerrno>
#include <cstring>

#include "daemon/storage/posix_files.h"
#include "daemon/storage/state_store.h"
#include "tests/storage/chronicle.h"
#include "tests/storage/temp_directory.h"

namespace migrationd::storage {
namespace {

/// A real file system of one megabyte.
class DiskFullTest : public testing::Test {
 protected:
  void SetUp() override {
    if (mount("tmpfs", directory_.path().c_str(), "tmpfs", 0, "size=1m,mode=0755") != 0) {
      GTEST_SKIP() << "needs the right to mount a tmpfs: " << std::strerror(errno);
    }
    is_mounted_ = true;
  }
  void TearDown() override {
    if (is_mounted_) umount2(directory_.path().c_str(), MNT_DETACH);
  }

  StoreOptions Options() const {
    return {directory_ / "state/migration_state.json", 64U << 10U, 128U << 10U, {}};
  }
  void FillUp() const {
    std::ofstream(directory_ / "ballast", std::ios::binary) << std::string(2U << 20U, 'x');
  }

  TempDirectory directory_;
  PosixFiles files_;
  bool is_mounted_ = false;
};

TEST_F(DiskFullTest, ARunThatMeetsAFullDiskCanStillWriteDownHowItEnded) {
  Chronicle run(1);
  core::State state;
  {
    StateStore store(Options(), files_);
    ASSERT_TRUE(store.Open().ok());
    ASSERT_TRUE(store.CheckRoom().ok());
    ASSERT_TRUE(
        store.Begin(run.run(), std::vector{run.Start(), run.StartMigration("1.1.0/001_a.py")})
            .ok());
    FillUp();
    const std::string chatter(8000, 'x');
    const core::Status said =
        store.Append(std::vector{run.Print("1.1.0/001_a.py", chatter)}, false);
    ASSERT_TRUE(said.ok()) << said.error().message;
    // No further script is started.
    const core::Status room = store.CheckRoom();
    ASSERT_FALSE(room.ok());
    EXPECT_EQ(room.error().reason, core::Reason::kStorageFull);
    const core::Status ended =
        store.Append(std::vector{run.EndMigration("1.1.0/001_a.py"), run.End()}, true);
    ASSERT_TRUE(ended.ok()) << ended.error().message;
    state = FoldOf(run);
    const core::Status checkpoint = store.Checkpoint(state);
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.error().message;
  }
  StateStore store(Options(), files_);
  const auto stored = store.Open();
  ASSERT_TRUE(stored.ok()) << stored.error().message;
  EXPECT_EQ(stored->state, state);
  EXPECT_FALSE(stored->unfinished);
  EXPECT_EQ(store.CheckRoom().error().reason, core::Reason::kStorageFull);
  std::filesystem::remove(directory_ / "ballast");
  EXPECT_TRUE(store.CheckRoom().ok());
}

TEST_F(DiskFullTest, WhenTheReserveIsUsedUpTheRunHaltsAndNothingAcknowledgedIsLost) {
  Chronicle run(1);
  {
    StateStore store(Options(), files_);
    ASSERT_TRUE(store.Open().ok());
    ASSERT_TRUE(store.CheckRoom().ok());
    ASSERT_TRUE(
        store.Begin(run.run(), std::vector{run.Start(), run.StartMigration("1.1.0/001_a.py")})
            .ok());
    FillUp();
    core::Status said = core::Ok();
    while (said.ok()) {
      said = store.Append(std::vector{run.Print("1.1.0/001_a.py", std::string(50'000, 'x'))}, true);
    }
    EXPECT_EQ(said.error().reason, core::Reason::kStorageFull);
    EXPECT_NE(said.error().message.find("No space left"), std::string::npos);
    // Closed for good, whatever comes.
    EXPECT_EQ(store.Append(std::vector{run.End()}, true).error().reason,
              core::Reason::kStorageFull);
  }
  StateStore store(Options(), files_);
  const auto stored = store.Open();
  ASSERT_TRUE(stored.ok()) << stored.error().message;
  EXPECT_EQ(stored->unfinished, run.run());
  // All but the two that were refused.
  EXPECT_EQ(stored->last_sequence, run.events().size() - 2);
}

TEST_F(DiskFullTest, AFullDiskRefusesARunBeforeItBegins) {
  StateStore store(Options(), files_);
  ASSERT_TRUE(store.Open().ok());
  FillUp();
  const core::Status room = store.CheckRoom();
  ASSERT_FALSE(room.ok());
  EXPECT_EQ(room.error().reason, core::Reason::kStorageFull);
  Chronicle run(1);
  EXPECT_EQ(store.Begin(run.run(), std::vector{run.Start()}).error().reason,
            core::Reason::kStorageFull);
  std::filesystem::remove(directory_ / "ballast");
  EXPECT_TRUE(store.Begin(run.run(), std::vector{run.events()[0]}).ok());
}

TEST_F(DiskFullTest, AReadOnlyDiskRefusesARunBeforeItBegins) {
  StateStore store(Options(), files_);
  ASSERT_TRUE(store.Open().ok());
  // The lock that the store holds open for writing keeps a whole remount from working; a bind mount
  // is one more name for the same thing, and can be read-only by itself.
  const std::string state = directory_ / "state";
  ASSERT_EQ(mount(state.c_str(), state.c_str(), nullptr, MS_BIND, nullptr), 0);
  ASSERT_EQ(mount(nullptr, state.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr), 0);
  const core::Status room = store.CheckRoom();
  ASSERT_FALSE(room.ok());
  EXPECT_EQ(room.error().reason, core::Reason::kStorageFailed);
  EXPECT_NE(room.error().message.find("Read-only"), std::string::npos);
  umount2(state.c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace migrationd::storage

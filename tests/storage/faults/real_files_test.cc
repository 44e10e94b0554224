#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "daemon/storage/posix_files.h"
#include "tests/storage/faults/faulty_files.h"
#include "tests/storage/faults/narrator.h"
#include "tests/storage/temp_directory.h"

namespace migrationd::storage {
namespace {

/// The model stands for the real thing: it must be asked the same, and the real thing must survive
/// as well.
class RealFilesTest : public testing::Test {
 protected:
  static void Tell(Narrator& narrator) {
    for (const Step step : LongStory()) {
      if (!narrator.Do(step).ok()) return;
    }
  }

  PosixFiles real_;
};

TEST_F(RealFilesTest, TheModelIsAskedWhatTheFileSystemIsAsked) {
  TempDirectory directory;
  std::filesystem::create_directories(directory / "var/lib");
  Ledger real_ledger;
  FaultyFiles real(real_, {});
  Narrator real_narrator(real, real_ledger, directory / "var/lib/migration_state.json");
  Tell(real_narrator);

  ModelFiles model;
  ASSERT_EQ(model.MakeDirectory("/var", 0755), 0);
  ASSERT_EQ(model.MakeDirectory("/var/lib", 0755), 0);
  Ledger model_ledger;
  FaultyFiles modelled(model, {});
  Narrator model_narrator(modelled, model_ledger);
  Tell(model_narrator);

  // How many folders lie above is all that differs: a fresh store syncs each of them.
  const auto after_opening = [](const std::vector<std::string>& calls) {
    const auto room = std::find(calls.begin(), calls.end(), "statvfs");
    return std::vector<std::string>(room, calls.end());
  };
  EXPECT_EQ(after_opening(real.calls()), after_opening(modelled.calls()));
  EXPECT_GT(real.calls().size(), 100U);
}

TEST_F(RealFilesTest, AfterACrashAtAnyCallEverythingStoredIsThere) {
  // What is tried here is not the disk: where there is a file system in memory, it is quicker.
  const std::string memory = "/dev/shm";
  const bool has_memory = access(memory.c_str(), W_OK) == 0;
  std::uint64_t call = 0;
  for (bool struck = true; struck; ++call) {
    TempDirectory directory(has_memory ? memory : std::filesystem::temp_directory_path().string());
    const std::string state_file = directory / "migration_state.json";
    Ledger ledger;
    FaultyFiles files(real_, {Fault::Kind::kCrash, true, call});
    {
      Narrator narrator(files, ledger, state_file);
      Tell(narrator);
    }
    struck = files.has_struck();
    Narrator narrator(real_, ledger, state_file);
    const core::Status status = narrator.LiveOn();
    ASSERT_TRUE(status.ok()) << "call " << call << " (" << files.struck()
                             << "): " << status.error().message;
  }
  std::cout << call - 1 << " crashes on a real file system\n";
}

}  // namespace
}  // namespace migrationd::storage

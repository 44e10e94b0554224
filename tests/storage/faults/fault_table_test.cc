#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tests/storage/faults/fault_table.h"

namespace migrationd::storage {
namespace {

/// What is wrong with what a later life finds; empty: nothing.
std::string FindsEverything(Files& files, Ledger ledger, bool power_went) {
  Narrator narrator(files, ledger);
  if (power_went) narrator.SayPowerWent();
  const core::Status status = narrator.LiveOn();
  return status.ok() ? "" : status.error().message;
}

/// After the fault the process is started again, with the page cache and, several times, without
/// it.
std::string SurvivesIn(ModelFiles& model, const Ledger& ledger, std::uint64_t seed,
                       int power_losses) {
  ModelFiles::Random random(seed);
  for (int i = 0; i < power_losses; ++i) {
    const std::string broken = FindsEverything(*model.AfterPowerLoss(random), ledger, true);
    if (!broken.empty()) return "after a power loss: " + broken;
  }
  return FindsEverything(model, ledger, false);
}

struct Told {
  Step step = Step::kOpen;  ///< In which the fault struck.
  core::Status status = core::Ok();
};

/// Tells the story until a step fails or the story ends.
Told TellUntilItFails(const std::vector<Step>& story, FaultyFiles& files, Narrator& narrator) {
  Told told;
  for (const Step step : story) {
    if (!files.has_struck()) told.step = step;
    told.status = narrator.Do(step);
    if (!told.status.ok()) break;
  }
  return told;
}

/// What a fault must never do, whatever it is.
bool IsHonest(const core::Status& status) {
  return status.ok() || status.error().reason == core::Reason::kStorageFailed ||
         status.error().reason == core::Reason::kStorageFull;
}

class FaultTableTest : public testing::Test {
 protected:
  /// Tries `fault` at each call of the story; false for the one beyond the last.
  bool TryAt(Fault fault, std::uint64_t call) {
    fault.at_call = call;
    ModelFiles model;
    Ledger ledger;
    FaultyFiles files(model, fault, &model, call + 1);
    Told told;
    {
      Narrator narrator(files, ledger);
      told = TellUntilItFails(LongStory(), files, narrator);
      // What fails once is over when the same daemon looks again.
      if (!told.status.ok() && !fault.from_then_on && fault.kind != Fault::Kind::kCrash) {
        const core::Status again = narrator.Do(Step::kOpen);
        EXPECT_TRUE(again.ok()) << Describe(fault) << " at call " << call << " (" << files.struck()
                                << "): " << again.error().message;
      }
    }
    if (!files.has_struck()) return false;
    FaultTable::Row& row = table_.At(NameOf(told.step), files.struck(), fault);
    ++row.points;
    ++(told.status.ok() ? row.went_on : row.refused);
    const std::string broken = SurvivesIn(model, ledger, call, 3);
    if (broken.empty()) ++row.recovered;
    const bool dead = fault.kind == Fault::Kind::kCrash;
    EXPECT_TRUE(dead || IsHonest(told.status)) << told.status.error().message;
    EXPECT_EQ(broken, "") << Describe(fault) << " at call " << call << " (" << files.struck()
                          << " in " << NameOf(told.step) << ")";
    return true;
  }

  /// A second life after a crash, with `fault` in one of its calls; false for the one beyond the
  /// last.
  bool TryRecovery(const ModelFiles& crashed, Ledger ledger, std::uint64_t crash, Fault fault,
                   std::uint64_t call) {
    fault.at_call = call;
    const std::unique_ptr<ModelFiles> model = crashed.Copy();
    FaultyFiles files(*model, fault, model.get(), crash + 1);
    Told told;
    {
      Narrator narrator(files, ledger);
      told = TellUntilItFails({Step::kOpen, Step::kEnd, Step::kCheckpoint}, files, narrator);
    }
    if (!files.has_struck()) return false;
    FaultTable::Row& row = table_.At(NameOf(told.step), files.struck(), fault);
    ++row.points;
    ++(told.status.ok() ? row.went_on : row.refused);
    const std::string broken = SurvivesIn(*model, ledger, crash * 1000 + call, 1);
    if (broken.empty()) ++row.recovered;
    EXPECT_EQ(broken, "") << "crash at call " << crash << ", then " << Describe(fault)
                          << " at call " << call << " (" << files.struck() << ")";
    return true;
  }

  FaultTable table_;
};

void Keep(const FaultTable& table, const std::string& title) {
  const char* path = std::getenv("TELEC_FAULT_TABLE");
  if (path == nullptr) {
    std::cout << title << "\n\n";
    table.Print(std::cout);
    return;
  }
  std::ofstream out(path, std::ios::app);
  out << "### " << title << "\n\n";
  table.Print(out);
  out << "\n";
}

TEST_F(FaultTableTest, AfterAnyFaultInAnyCallEverythingPromisedIsThere) {
  for (const Fault& fault : AllFaults()) {
    for (std::uint64_t call = 0; TryAt(fault, call); ++call) {
      if (HasFailure()) return;
    }
  }
  Keep(table_, "Faults while runs are recorded");
  EXPECT_EQ(table_.Total().recovered, table_.Total().points);
}

/// The long one has ten thousands of points: for ./dev fault-test.
const std::vector<Step>& StoryToRecoverFrom() {
  return std::getenv("TELEC_FAULT_FULL") == nullptr ? ShortStory() : LongStory();
}

TEST_F(FaultTableTest, AfterAnyFaultWhileRecoveringFromAnyCrashEverythingPromisedIsThere) {
  std::uint64_t crash = 0;
  for (bool crashed = true; crashed && !HasFailure(); ++crash) {
    ModelFiles model;
    Ledger ledger;
    FaultyFiles first_life(model, {Fault::Kind::kCrash, true, crash}, &model);
    {
      Narrator narrator(first_life, ledger);
      static_cast<void>(TellUntilItFails(StoryToRecoverFrom(), first_life, narrator));
    }
    crashed = first_life.has_struck();
    if (!crashed || first_life.StruckOnlyLooks()) continue;
    for (const Fault& fault : AllFaults()) {
      for (std::uint64_t call = 0; TryRecovery(model, ledger, crash, fault, call); ++call) {
        if (HasFailure()) return;
      }
    }
  }
  Keep(table_, "Faults while recovering from a crash");
  EXPECT_EQ(table_.Total().recovered, table_.Total().points);
}

TEST_F(FaultTableTest, AnInterruptedCallIsNoFailure) {
  for (std::uint64_t call = 0;; ++call) {
    ModelFiles model;
    Ledger ledger;
    FaultyFiles files(model, {Fault::Kind::kInterrupted, false, call}, &model);
    Narrator narrator(files, ledger);
    const Told told = TellUntilItFails(LongStory(), files, narrator);
    ASSERT_TRUE(told.status.ok()) << files.struck() << ": " << told.status.error().message;
    if (!files.has_struck()) break;
  }
}

}  // namespace
}  // namespace migrationd::storage

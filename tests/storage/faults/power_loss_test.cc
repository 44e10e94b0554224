#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/storage/faults/faulty_files.h"
#include "tests/storage/faults/narrator.h"

namespace migrationd::storage {
namespace {

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

constexpr Step kAnyStep[] = {Step::kCheckRoom, Step::kBegin,      Step::kBegin, Step::kBaseline,
                             Step::kPrint,     Step::kPrint,      Step::kNext,  Step::kNext,
                             Step::kEnd,       Step::kCheckpoint, Step::kPrune};

/// A machine on which the power goes again and again, and what it had promised each time.
class Machine {
 public:
  explicit Machine(std::uint64_t seed) : random_(seed), disk_(std::make_unique<ModelFiles>()) {}

  /// One life: opens, does anything, and dies at any call, often in the middle of Open. Now and
  /// then a call fails before. Then the power is back. Empty, or which promise was broken.
  std::string Live() {
    const bool dies_while_opening = Below(3) == 0;
    FaultyFiles files(*disk_, {Fault::Kind::kCrash, true, Below(dies_while_opening ? 30 : 120)});
    FaultyFiles unreliable(files, AnyFault(), disk_.get(), random_());
    std::string broken;
    {
      Narrator narrator(unreliable, ledger_);
      if (power_went_) narrator.SayPowerWent();
      core::Status status = narrator.Do(Step::kOpen);
      if (status.ok()) power_went_ = false;
      for (std::uint64_t steps = Below(40); steps > 0 && !files.has_struck(); --steps) {
        if (status.ok()) status = narrator.Do(kAnyStep[Below(std::size(kAnyStep))]);
        if (IsBroken(status)) return status.error().message;
        if (!status.ok()) status = narrator.Do(Step::kOpen);
        if (status.ok()) power_went_ = false;
      }
      if (IsBroken(status)) return status.error().message;
    }
    disk_ = disk_->AfterPowerLoss(random_);
    power_went_ = true;
    return CheckImage();
  }

 private:
  std::uint64_t Below(std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random_);
  }

  Fault AnyFault() {
    using Kind = Fault::Kind;
    static constexpr Kind kKinds[] = {Kind::kNone, Kind::kNone, Kind::kIoError, Kind::kFull};
    return {kKinds[Below(std::size(kKinds))], Below(4) == 0, Below(120)};
  }

  static bool IsBroken(const core::Status& status) {
    return !status.ok() && status.error().reason != core::Reason::kStorageFailed &&
           status.error().reason != core::Reason::kStorageFull;
  }

  /// A copy of the image must open; the image itself is for the next life.
  std::string CheckImage() {
    ModelFiles::Random same(7);
    const std::unique_ptr<ModelFiles> copy = disk_->AfterPowerLoss(same);
    Ledger ledger = ledger_;
    Narrator narrator(*copy, ledger);
    narrator.SayPowerWent();
    const core::Status status = narrator.LiveOn();
    return status.ok() ? "" : status.error().message;
  }

  ModelFiles::Random random_;
  std::unique_ptr<ModelFiles> disk_;
  Ledger ledger_;
  bool power_went_ = false;
};

TEST(PowerLoss, EveryDiskThatIsLeftOpensAndHoldsWhatWasPromised) {
  constexpr std::uint64_t kLivesEach = 5;
  const std::uint64_t seed = FromEnvironment("TELEC_SEED", 20310506);
  const std::uint64_t images = FromEnvironment("TELEC_POWER_LOSS_IMAGES", 500);
  std::uint64_t made = 0;
  for (std::uint64_t machine = 0; made < images; ++machine) {
    Machine it(seed + machine);
    for (std::uint64_t life = 0; life < kLivesEach && made < images; ++life, ++made) {
      ASSERT_EQ(it.Live(), "") << "TELEC_SEED=" << seed + machine << ", life " << life;
    }
  }
  std::cout << made << " disks after a power loss (seed " << seed
            << "): 0 unreadable, 0 acknowledged records lost\n";
}

}  // namespace
}  // namespace migrationd::storage

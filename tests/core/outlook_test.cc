#include "daemon/core/outlook.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace migrationd::core {
namespace {

std::shared_ptr<const Catalogue> CatalogueOf(std::initializer_list<const char*> versions) {
  Catalogue catalogue;
  for (const char* version : versions) {
    Migration migration;
    migration.id = std::string(version) + "/001_a.py";
    migration.version = *Version::Parse(version);
    catalogue.migrations.push_back(std::move(migration));
  }
  return std::make_shared<const Catalogue>(std::move(catalogue));
}

class AnOutlook : public testing::Test {
 protected:
  std::pair<std::uint64_t, std::uint64_t> Ahead() {
    const Outlook::Counts counts = outlook_.Of(catalogue_, state_, *Version::Parse("1.1"));
    return {counts.pending, counts.out_of_order};
  }

  using Counts = std::pair<std::uint64_t, std::uint64_t>;

  std::shared_ptr<const Catalogue> catalogue_ = CatalogueOf({"1.0", "1.1", "1.2", "1.3"});
  State state_;
  Outlook outlook_;
};

TEST_F(AnOutlook, CountsWhatIsNotRecorded) {
  state_.records["1.0/001_a.py"] = {};
  state_.records["1.2/001_a.py"] = {};
  EXPECT_EQ(Ahead(), Counts(1, 1));
}

TEST_F(AnOutlook, IsTakenOnceWhileNothingHappens) {
  EXPECT_EQ(Ahead(), Counts(2, 2));
  state_.records["1.2/001_a.py"] = {};
  EXPECT_EQ(Ahead(), Counts(2, 2)) << "a state that changes has moved on";
}

TEST_F(AnOutlook, IsTakenAgainWhenTheStateHasMovedOn) {
  EXPECT_EQ(Ahead(), Counts(2, 2));
  state_.records["1.2/001_a.py"] = {};
  state_.position = {1, 7};
  EXPECT_EQ(Ahead(), Counts(1, 2));
}

TEST_F(AnOutlook, IsTakenAgainOfAnotherCatalogue) {
  EXPECT_EQ(Ahead(), Counts(2, 2));
  catalogue_ = CatalogueOf({"1.0"});
  EXPECT_EQ(Ahead(), Counts(0, 1));
}

TEST_F(AnOutlook, IsTakenAgainOfAnotherStateAtTheSamePosition) {
  EXPECT_EQ(Ahead(), Counts(2, 2));
  state_.records["1.2/001_a.py"] = {};
  outlook_.Forget();
  EXPECT_EQ(Ahead(), Counts(1, 2));
}

TEST_F(AnOutlook, DoesNotKeepTheCatalogue) {
  Ahead();
  const std::weak_ptr<const Catalogue> counted = catalogue_;
  catalogue_.reset();
  EXPECT_TRUE(counted.expired());
}

}  // namespace
}  // namespace migrationd::core

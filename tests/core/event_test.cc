#include "daemon/core/event.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "daemon/core/result.h"

namespace migrationd::core {
namespace {

template <typename Enum>
void ExpectNamesGoRoundTrip(std::size_t count) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<Enum>(i);
    const std::string_view name = NameOf(value);
    EXPECT_FALSE(name.empty()) << i;
    EXPECT_TRUE(names.insert(name).second) << name << " is used twice";
    EXPECT_EQ(FromName<Enum>(name), value) << name;
  }
  EXPECT_EQ(NameOf(static_cast<Enum>(count)), "") << "this test does not know all values";
  EXPECT_EQ(FromName<Enum>(""), std::nullopt);
  EXPECT_EQ(FromName<Enum>("APPLIED"), std::nullopt) << "names are what they are";
}

TEST(EventNames, GoRoundTrip) {
  ExpectNamesGoRoundTrip<Outcome>(8);
  ExpectNamesGoRoundTrip<RunOutcome>(4);
  ExpectNamesGoRoundTrip<RunKind>(3);
  ExpectNamesGoRoundTrip<Phase>(5);
  ExpectNamesGoRoundTrip<OutputStream>(2);
  ExpectNamesGoRoundTrip<CancelMode>(2);
  ExpectNamesGoRoundTrip<Resolution>(3);
}

TEST(EventNames, AreTheWordsOfTheContract) {
  EXPECT_EQ(NameOf(Outcome::kAlreadyApplied), "already applied");
  EXPECT_EQ(NameOf(Outcome::kTimedOut), "timed out");
  EXPECT_EQ(NameOf(RunOutcome::kInterrupted), "interrupted");
  EXPECT_EQ(NameOf(Phase::kVerify), "verify");
}

TEST(Events, OnlyWhatChangesNothingMayBeLostWithThePower) {
  for (const Fact& fact : std::vector<Fact>{OutputWritten{}, ProgressReported{}, NoticeGiven{}}) {
    EXPECT_FALSE(MustBeDurable(fact)) << fact.index();
  }
  for (const Fact& fact :
       std::vector<Fact>{RunStarted{}, MigrationStarted{}, MigrationEnded{}, MigrationRechecked{},
                         CancelRequested{}, MigrationResolved{}, BaselineSet{}, RunEnded{}}) {
    EXPECT_TRUE(MustBeDurable(fact)) << fact.index();
  }
}

TEST(Events, OnlyTheEndOfTheRunIsTerminal) {
  EXPECT_TRUE(IsTerminal(RunEnded{}));
  EXPECT_FALSE(IsTerminal(MigrationEnded{}));
  EXPECT_FALSE(IsTerminal(RunStarted{}));
}

TEST(Events, AreAsLargeAsTheTextThatTheyCarry) {
  const std::string text(10'000, 'x');
  Failure failure;
  failure.traceback = text;
  MigrationEnded ended;
  ended.failure = failure;
  MigrationRechecked rechecked;
  rechecked.failure = failure;
  for (const Fact& fact : std::vector<Fact>{
           OutputWritten{"", OutputStream::kStdout, text}, ProgressReported{"", 0, 0, text}, ended,
           rechecked, NoticeGiven{"", text}, MigrationResolved{"", Resolution::kApplied, text, ""},
           BaselineSet{"", text}}) {
    EXPECT_GE(SizeOf(Event{1, WallTime{0}, fact}), text.size()) << fact.index();
  }
  EXPECT_GT(SizeOf(Event{}), 0U) << "nothing is free";
}

TEST(Reasons, HaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Reason::kInternal); ++i) {
    EXPECT_TRUE(names.insert(ReasonName(static_cast<Reason>(i))).second) << i;
  }
}

TEST(Errors, TellWhereTheyHappenedAsTheyRise) {
  const Error error{Reason::kStorageFull, "no space", "Make room."};
  const Error seen = error.In("no run can be started");
  EXPECT_EQ(seen.message, "no run can be started: no space");
  EXPECT_EQ(seen.reason, Reason::kStorageFull);
  EXPECT_EQ(seen.hint, "Make room.");
}

}  // namespace
}  // namespace migrationd::core

#include "daemon/core/state.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace migrationd::core {
namespace {

const std::string& A() {
  static const std::string kId = "1.1.0/001_a.py";
  return kId;
}

/// A state, and a run that tells it facts.
class StateFold : public testing::Test {
 protected:
  void Tell(Fact fact) {
    ++sequence_;
    const Event event{sequence_, WallTime{static_cast<std::int64_t>(1000 + sequence_)},
                      std::move(fact)};
    Apply(state_, run_, event);
    Apply(summary_, event);
  }
  void TellEnd(Outcome outcome) {
    MigrationEnded ended;
    ended.migration_id = A();
    ended.outcome = outcome;
    ended.sha256 = "5ha";
    ended.duration = std::chrono::microseconds(77);
    if (outcome == Outcome::kFailed || outcome == Outcome::kTimedOut) {
      ended.failure = Failure{Phase::kMigrate, "boom",      "ValueError", "Traceback", 1,
                              std::nullopt,    "last words"};
    }
    Tell(ended);
  }
  void NextRun() {
    run_ = MakeRunId(run_.number + 1, 0xbeef);
    sequence_ = 0;
    summary_ = RunSummary();
    summary_.id = run_;
  }

  RunId run_ = MakeRunId(1, 0xbeef);
  std::uint64_t sequence_ = 0;
  State state_;
  RunSummary summary_;
};

TEST_F(StateFold, WhatWasStartedIsInFlightUntilItEnds) {
  Tell(MigrationStarted{A(), "5ha", "", 1});
  EXPECT_EQ(state_.in_flight.at(A()), "1-0000beef");
  TellEnd(Outcome::kApplied);
  EXPECT_TRUE(state_.in_flight.empty());
}

TEST_F(StateFold, WhatEndedWellIsRecorded) {
  for (const Outcome outcome :
       {Outcome::kApplied, Outcome::kAlreadyApplied, Outcome::kRecovered, Outcome::kSkipped}) {
    state_ = State();
    TellEnd(outcome);
    const Record expected{outcome,
                          WallTime{static_cast<std::int64_t>(1000 + sequence_)},
                          std::chrono::microseconds(77),
                          "1-0000beef",
                          "5ha",
                          ""};
    EXPECT_EQ(state_.records.at(A()), expected) << NameOf(outcome);
  }
}

TEST_F(StateFold, AFailureStaysOpenUntilALaterRunPassesIt) {
  Tell(MigrationStarted{A(), "5ha", "", 1});
  TellEnd(Outcome::kFailed);
  ASSERT_TRUE(state_.failure);
  EXPECT_EQ(state_.failure->migration_id, A());
  EXPECT_EQ(state_.failure->run_id, "1-0000beef");
  EXPECT_EQ(state_.failure->outcome, Outcome::kFailed);
  EXPECT_EQ(state_.failure->at, WallTime{1002});
  EXPECT_EQ(state_.failure->failure.traceback, "Traceback");
  EXPECT_TRUE(state_.in_flight.empty()) << "it has been asked, and said no";
  EXPECT_TRUE(state_.records.empty());

  NextRun();
  MigrationEnded another;
  another.migration_id = "1.0.0/001_other.py";
  Tell(another);
  EXPECT_TRUE(state_.failure) << "another one's success does not pass it";
  TellEnd(Outcome::kApplied);
  EXPECT_FALSE(state_.failure);
}

TEST_F(StateFold, ATimeOutIsAFailureWhoseEffectIsUnknown) {
  Tell(MigrationStarted{A(), "5ha", "", 1});
  TellEnd(Outcome::kTimedOut);
  EXPECT_EQ(state_.failure->outcome, Outcome::kTimedOut);
  EXPECT_TRUE(state_.in_flight.contains(A()));
}

TEST_F(StateFold, WhatWasBrokenOffStaysInFlightAndIsNoFailure) {
  for (const Outcome outcome : {Outcome::kCancelled, Outcome::kInterrupted}) {
    state_ = State();
    Tell(MigrationStarted{A(), "5ha", "", 1});
    TellEnd(outcome);
    EXPECT_TRUE(state_.in_flight.contains(A())) << NameOf(outcome);
    EXPECT_FALSE(state_.failure) << NameOf(outcome);
    EXPECT_TRUE(state_.records.empty()) << NameOf(outcome);
  }
}

TEST_F(StateFold, AResolutionRecordsWithItsReason) {
  TellEnd(Outcome::kTimedOut);
  Tell(MigrationResolved{A(), Resolution::kApplied, "done by hand", "5ha"});
  EXPECT_EQ(state_.records.at(A()).outcome, Outcome::kApplied);
  EXPECT_EQ(state_.records.at(A()).reason, "done by hand");
  EXPECT_EQ(state_.records.at(A()).sha256, "5ha");
  EXPECT_TRUE(state_.in_flight.empty());
  EXPECT_FALSE(state_.failure);

  Tell(MigrationResolved{A(), Resolution::kSkipped, "not on this host", ""});
  EXPECT_EQ(state_.records.at(A()).outcome, Outcome::kSkipped);
}

TEST_F(StateFold, AResolutionToPendingForgets) {
  TellEnd(Outcome::kApplied);
  Tell(MigrationStarted{A(), "5ha", "", 1});
  Tell(MigrationResolved{A(), Resolution::kPending, "again, please", "5ha"});
  EXPECT_TRUE(state_.records.empty());
  EXPECT_TRUE(state_.in_flight.empty());
}

TEST_F(StateFold, ABaselineSetsTheVersion) {
  Tell(BaselineSet{"1.4.0", "a fresh installation"});
  EXPECT_EQ(state_.current_version, "1.4.0");
}

TEST_F(StateFold, OnlyARunThatEndsWellMovesTheVersion) {
  for (const RunOutcome outcome :
       {RunOutcome::kFailed, RunOutcome::kCancelled, RunOutcome::kInterrupted}) {
    Tell(RunEnded{outcome, "1.4.0", 0, 0, ""});
    EXPECT_EQ(state_.current_version, std::nullopt) << NameOf(outcome);
  }
  Tell(RunEnded{RunOutcome::kSucceeded, "", 0, 0, ""});
  EXPECT_EQ(state_.current_version, std::nullopt)
      << "a resolution before the first run knows no version";
  Tell(RunEnded{RunOutcome::kSucceeded, "1.4.0", 1, 0, ""});
  EXPECT_EQ(state_.current_version, "1.4.0");
}

TEST_F(StateFold, WhatChangesNothingOnlyMovesThePosition) {
  for (const Fact& fact :
       std::vector<Fact>{RunStarted{}, OutputWritten{A(), {}, "text"},
                         ProgressReported{A(), 1, 2, ""}, MigrationRechecked{A(), false, Failure{}},
                         CancelRequested{}, NoticeGiven{A(), "words"}}) {
    Tell(fact);
    State expected;
    expected.position = {1, sequence_};
    EXPECT_EQ(state_, expected) << fact.index();
  }
}

TEST_F(StateFold, PositionsOrderByRunThenSequence) {
  EXPECT_LT((LogPosition{1, 900}), (LogPosition{2, 1}));
  EXPECT_LT((LogPosition{2, 1}), (LogPosition{2, 2}));
}

TEST_F(StateFold, ASummaryTellsTheRunInOneLine) {
  summary_.id = run_;
  RunStarted started{RunKind::kRun, "req", "print", {7, 8, "mara"}, "1.0", "1.4", "digest", 3};
  Tell(started);
  EXPECT_EQ(summary_.started_at, WallTime{1001});
  EXPECT_FALSE(summary_.ended_at);
  TellEnd(Outcome::kRecovered);
  TellEnd(Outcome::kAlreadyApplied);
  TellEnd(Outcome::kFailed);
  EXPECT_EQ(summary_.applied, 1U);
  EXPECT_EQ(summary_.already_applied, 1U);
  EXPECT_EQ(summary_.subject, A());
  Tell(RunEnded{RunOutcome::kFailed, "1.0", 1, 1, "it did not end well"});

  RunSummary expected;
  expected.id = run_;
  expected.request_id = "req";
  expected.fingerprint = "print";
  expected.by = started.by;
  expected.from_version = "1.0";
  expected.to_version = "1.4";
  expected.started_at = WallTime{1001};
  expected.ended_at = WallTime{1005};
  expected.outcome = RunOutcome::kFailed;
  expected.total = 3;
  expected.applied = 1;
  expected.already_applied = 1;
  expected.current_version = "1.0";
  expected.subject = A();
  expected.message = "it did not end well";
  expected.last_sequence = 5;
  EXPECT_EQ(summary_, expected);
}

TEST_F(StateFold, ASummaryOfAnEntryNamesItsSubjectAndReason) {
  Tell(MigrationResolved{A(), Resolution::kSkipped, "not on this host", ""});
  Tell(RunEnded{RunOutcome::kSucceeded, "1.0", 0, 0, ""});
  EXPECT_EQ(summary_.subject, A());
  EXPECT_EQ(summary_.message, "not on this host");
  Tell(BaselineSet{"1.4.0", "a fresh installation"});
  EXPECT_EQ(summary_.to_version, "1.4.0");
  EXPECT_EQ(summary_.message, "a fresh installation");
}

TEST(RunIds, AreANumberAndASalt) {
  EXPECT_EQ(MakeRunId(12, 0x3f9c2a7e).text, "12-3f9c2a7e");
  EXPECT_EQ(MakeRunId(1, 0).text, "1-00000000");
  EXPECT_EQ(MakeRunId(12, 0x3f9c2a7e).number, 12U);
}

TEST(RunIds, AreReadAsTheyAreWritten) {
  EXPECT_EQ(ParseRunId("12-3f9c2a7e"), MakeRunId(12, 0x3f9c2a7e));
  EXPECT_EQ(ParseRunId("12"), (RunId{12, "12"}));
  EXPECT_EQ(ParseRunId("18446744073709551615")->number, 18446744073709551615U);
}

TEST(RunIds, NothingElseIsOne) {
  for (const char* text : {"", "0", "0-3f9c2a7e", "-1", "+1", " 1", "1 ", "007", "x", "12-",
                           "12-3f9c2a7", "12-3f9c2a7e0", "12-3F9C2A7E", "12-3f9c2a7g",
                           "12_3f9c2a7e", "18446744073709551616", "../../etc"}) {
    EXPECT_EQ(ParseRunId(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace migrationd::core

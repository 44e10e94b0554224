#include "client/exit_code.h"

#include <gtest/gtest.h>

namespace telec {
namespace {

struct Row {
  const char* code;
  const char* reason;
  int exit;
};

class ExitCodeTable : public ::testing::TestWithParam<Row> {};

TEST_P(ExitCodeTable, EachErrorHasItsCode) {
  EXPECT_EQ(static_cast<int>(ExitCodeOf(Error{GetParam().code, GetParam().reason, "", ""})),
            GetParam().exit)
      << GetParam().code << " " << GetParam().reason;
}

INSTANTIATE_TEST_SUITE_P(
    OfErrors, ExitCodeTable,
    ::testing::Values(
        // The daemon's reasons.
        Row{"INVALID_ARGUMENT", "INVALID_ARGUMENT", 64},
        Row{"INVALID_ARGUMENT", "INVALID_VERSION", 64},
        Row{"INVALID_ARGUMENT", "BACKWARD_RANGE", 6},
        Row{"FAILED_PRECONDITION", "CATALOGUE_MISSING", 6},
        Row{"FAILED_PRECONDITION", "CATALOGUE_INVALID", 6},
        Row{"FAILED_PRECONDITION", "PLAN_MOVED", 6}, Row{"FAILED_PRECONDITION", "OUT_OF_ORDER", 6},
        Row{"ABORTED", "RUN_IN_PROGRESS", 75}, Row{"FAILED_PRECONDITION", "REQUEST_ID_REUSED", 6},
        Row{"NOT_FOUND", "NO_RUN_IN_PROGRESS", 6}, Row{"NOT_FOUND", "RUN_NOT_FOUND", 6},
        Row{"NOT_FOUND", "MIGRATION_NOT_FOUND", 6}, Row{"OUT_OF_RANGE", "POSITION_UNKNOWN", 6},
        Row{"DATA_LOSS", "STATE_DAMAGED", 6}, Row{"UNAVAILABLE", "STATE_LOCKED", 6},
        Row{"RESOURCE_EXHAUSTED", "STORAGE_FULL", 6}, Row{"UNAVAILABLE", "STORAGE_FAILED", 6},
        Row{"UNAVAILABLE", "SURVIVORS", 6}, Row{"UNAVAILABLE", "INTERPRETER_FAILED", 6},
        Row{"PERMISSION_DENIED", "PERMISSION_DENIED", 4}, Row{"UNAVAILABLE", "SHUTTING_DOWN", 3},
        Row{"INTERNAL", "INTERNAL", 6}, Row{"FAILED_PRECONDITION", "A_REASON_OF_A_NEWER_DAEMON", 6},
        // The client's.
        Row{"INVALID_ARGUMENT", "USAGE", 64}, Row{"UNAVAILABLE", "DAEMON_UNREACHABLE", 3},
        Row{"UNAVAILABLE", "CONTACT_LOST", 3},
        Row{"FAILED_PRECONDITION", "PRIVATE_DAEMON_FAILED", 6},
        // The transport's.
        Row{"UNAVAILABLE", "", 3}, Row{"DEADLINE_EXCEEDED", "", 3}, Row{"PERMISSION_DENIED", "", 4},
        Row{"UNAUTHENTICATED", "", 4}, Row{"UNIMPLEMENTED", "", 6}, Row{"INTERNAL", "", 6}));

TEST(ExitCodeOfARun, TellsHowItEnded) {
  EXPECT_EQ(ExitCodeOf(api::RUN_OUTCOME_SUCCEEDED), ExitCode::kDone);
  EXPECT_EQ(ExitCodeOf(api::RUN_OUTCOME_FAILED), ExitCode::kFailed);
  EXPECT_EQ(ExitCodeOf(api::RUN_OUTCOME_CANCELLED), ExitCode::kStopped);
  EXPECT_EQ(ExitCodeOf(api::RUN_OUTCOME_INTERRUPTED), ExitCode::kStopped);
}

}  // namespace
}  // namespace telec

#include <string>

#include "tests/script/script_fixture.h"

namespace migrationd::script {
namespace {

using core::Phase;

using RunnerTest = ScriptFixture;

constexpr const char* kEffect = R"(
import os
def check():
    return os.path.exists("effect")
def migrate():
    open("effect", "w").close()
    return True
)";

TEST_F(RunnerTest, AMigrationIsAppliedAndVerified) {
  EXPECT_TRUE(Ended<core::ScriptApplied>(Run(kEffect)));
  EXPECT_TRUE(std::filesystem::exists(Path("effect")));
}

TEST_F(RunnerTest, AMigrationWhoseEffectIsThereIsNotRun) {
  Run(kEffect);
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(Run(kEffect)));
}

TEST_F(RunnerTest, CheckAloneChangesNothing) {
  core::ScriptJob job = MakeJob(kEffect);
  job.purpose = core::ScriptJob::Purpose::kCheck;
  EXPECT_TRUE(Ended<core::ScriptPending>(Run(job)));
  EXPECT_FALSE(std::filesystem::exists(Path("effect")));
  Run(kEffect);
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(Run(job)));
}

TEST_F(RunnerTest, AnExceptionIsToldWithPhaseTypeAndTheScriptsOwnLines) {
  const Listener& heard = Run(R"(
def check():
    return False
def migrate():
    raise ValueError("no such colour")
)");
  EXPECT_TRUE(Ended<core::ScriptFailed>(heard));
  const core::Failure failure = heard.failure();
  EXPECT_EQ(failure.phase, Phase::kMigrate);
  EXPECT_EQ(failure.exception_type, "ValueError");
  EXPECT_EQ(failure.message, "migrate() raised ValueError: no such colour");
  EXPECT_EQ(failure.traceback,
            "Traceback (most recent call last):\n"
            "  File \"/catalogue/v1.1.0/001_script.py\", line 5, in migrate\n"
            "    raise ValueError(\"no such colour\")\n"
            "ValueError: no such colour\n");
}

}  // namespace
}  // namespace migrationd::script

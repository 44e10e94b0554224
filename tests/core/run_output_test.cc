#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/fakes/test_host.h"

namespace migrationd::core {
namespace {

using fakes::TheFact;

class RunOutput : public testing::Test {
 protected:
  RunOutput() {
    host_.catalogue.Write("v1.1.0/001_a.py");
    host_.catalogue.Write("v1.1.0/002_b.py");
  }

  template <typename Fact>
  std::vector<Fact> All(const RunId& run) {
    std::vector<Fact> facts;
    for (const EventPtr& event : host_.EventsOf(run)) {
      if (const auto* fact = std::get_if<Fact>(&event->fact)) facts.push_back(*fact);
    }
    return facts;
  }

  fakes::TestHost host_;
};

TEST_F(RunOutput, IsToldWithItsMigrationAndStream) {
  ASSERT_TRUE(host_.Start());
  host_.runner.On("1.1.0/001_a.py").Prints("half way\n").Prints("careful\n", OutputStream::kStderr);
  const auto run = host_.Run();
  const auto output = All<OutputWritten>(*run);
  ASSERT_EQ(output.size(), 2U);
  EXPECT_EQ(output[0].migration_id, "1.1.0/001_a.py");
  EXPECT_EQ(output[0].text, "half way\n");
  EXPECT_EQ(output[0].stream, OutputStream::kStdout);
  EXPECT_EQ(output[1].stream, OutputStream::kStderr);
}

TEST_F(RunOutput, NeedNotBeDurableButIsStoredBeforeItIsShown) {
  ASSERT_TRUE(host_.Start());
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  const auto run = host_.Run();
  const int writes = host_.store.durable_writes();
  host_.runner.Print("half way\n");
  EXPECT_EQ(host_.store.durable_writes(), writes);
  EXPECT_EQ(All<OutputWritten>(*run).size(), 1U);
  EXPECT_EQ(host_.observed.back().second.sequence, host_.EventsOf(*run).back()->sequence);
}

TEST_F(RunOutput, OfTheWholeRunIsCappedAndWhatIsDroppedIsCounted) {
  host_.options.run.output_bytes = 100;
  ASSERT_TRUE(host_.Start());
  host_.runner.On("1.1.0/001_a.py")
      .Prints(std::string(80, 'x'))
      .Prints(std::string(50, 'y'))
      .Prints("short\n");
  host_.runner.On("1.1.0/002_b.py").Prints(std::string(70, 'z')).LosesOutput(1000);
  const auto run = host_.Run();
  EXPECT_EQ(All<OutputWritten>(*run).size(), 2U) << "what still fits is kept";
  const auto ended = All<MigrationEnded>(*run);
  EXPECT_EQ(ended[0].output, (OutputTotals{136, 50}));
  EXPECT_EQ(ended[1].output, (OutputTotals{1070, 1070}));
}

TEST_F(RunOutput, DroppedByARecheckIsNotCountedForAnother) {
  host_.options.run.output_bytes = 10;
  ASSERT_TRUE(host_.Start());
  ASSERT_TRUE(host_.Resolve("1.1.0/001_a.py", Resolution::kApplied));
  host_.runner.On("1.1.0/001_a.py").Prints(std::string(500, 'x')).WasApplied();
  const auto run = host_.Run({"", fakes::Recheck(), ""});
  const auto ended = All<MigrationEnded>(*run);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].output, OutputTotals{});
}

TEST_F(RunOutput, ProgressIsToldNotMoreOftenThanTheIntervalAndAlwaysAtTheEnd) {
  host_.options.run.progress_interval = std::chrono::hours(1);
  ASSERT_TRUE(host_.Start());
  host_.runner.On("1.1.0/001_a.py")
      .Reports(1, 100, "first")
      .Reports(2, 100)
      .Reports(99, 100)
      .Reports(100, 100, "last");
  host_.runner.On("1.1.0/002_b.py").Reports(1, 0, "of unknown length").Reports(2, 0);
  const auto progress = All<ProgressReported>(*host_.Run());
  ASSERT_EQ(progress.size(), 3U);
  EXPECT_EQ(progress[0].message, "first");
  EXPECT_EQ(progress[0].total, 100);
  EXPECT_EQ(progress[1].message, "last");
  EXPECT_EQ(progress[1].done, 100);
  EXPECT_EQ(progress[2].migration_id, "1.1.0/002_b.py") << "each migration has its own rate";
}

TEST_F(RunOutput, WithoutAnIntervalAllProgressIsTold) {
  host_.options.run.progress_interval = std::chrono::milliseconds(0);
  ASSERT_TRUE(host_.Start());
  host_.runner.On("1.1.0/001_a.py").Reports(1, 100).Reports(2, 100).Reports(3, 100);
  EXPECT_EQ(All<ProgressReported>(*host_.Run()).size(), 3U);
}

TEST_F(RunOutput, TheEndOfOneAndTheStartOfTheNextAreOneWrite) {
  ASSERT_TRUE(host_.Start());
  const int before = host_.store.durable_writes();
  ASSERT_TRUE(host_.Run());
  EXPECT_EQ(host_.store.durable_writes() - before, 3) << "start; end and start; end of all";
}

TEST_F(RunOutput, AStartIsDurableBeforeTheScriptIsStarted) {
  ASSERT_TRUE(host_.Start());
  host_.runner.On("1.1.0/001_a.py").HangsUntilStopped();
  ASSERT_TRUE(host_.Run());
  EXPECT_TRUE(host_.StateOnDisk().in_flight.contains("1.1.0/001_a.py"));
  host_.runner.On("1.1.0/002_b.py").HangsUntilStopped();
  host_.runner.Finish();
  EXPECT_TRUE(host_.StateOnDisk().in_flight.contains("1.1.0/002_b.py"));
}

TEST_F(RunOutput, TheStateFileIsWrittenAtTheEndAndInBetweenWhenItIsDue) {
  ASSERT_TRUE(host_.Start());
  ASSERT_TRUE(host_.Run());
  EXPECT_EQ(host_.store.checkpoints(), 1);
  ASSERT_TRUE(host_.store.checkpoint());
  EXPECT_EQ(host_.store.checkpoint()->current_version, "1.1.0");
  EXPECT_EQ(*host_.store.checkpoint(), host_.StateOnDisk());

  fakes::TestHost eager;
  eager.options.run.checkpoint_interval = std::chrono::milliseconds(0);
  for (const char* script : {"v1.1.0/001_a.py", "v1.1.0/002_b.py", "v1.1.0/003_c.py"})
    eager.catalogue.Write(script);
  ASSERT_TRUE(eager.Start());
  ASSERT_TRUE(eager.Run());
  EXPECT_EQ(eager.store.checkpoints(), 3);
}

}  // namespace
}  // namespace migrationd::core

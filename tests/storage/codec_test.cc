#include <gtest/gtest.h>

#include <limits>

#include "daemon/storage/event_reader.h"
#include "daemon/storage/event_writer.h"
#include "daemon/storage/log_frame.h"
#include "daemon/storage/rfc3339.h"
#include "daemon/storage/run_directory.h"
#include "daemon/storage/state_codec.h"
#include "tests/storage/chronicle.h"

namespace migrationd::storage {
namespace {

using core::Fact;

std::string LineOf(const Fact& fact, std::uint64_t sequence = 7) {
  return EncodeLine(core::Event{sequence, core::WallTime{1'700'000'000'123'456}, fact}, 3);
}

/// What comes back when the line of a fact is read.
core::EventPtr ThereAndBack(const Fact& fact) {
  const std::string line = LineOf(fact);
  const std::optional<Frame> frame = ParseFrame(std::string_view(line).substr(0, line.size() - 1));
  EXPECT_TRUE(frame) << line;
  if (!frame) return nullptr;
  EXPECT_EQ(frame->sequence, 7U);
  EXPECT_EQ(frame->synced, 3U);
  EXPECT_EQ(frame->event, EventName(fact));
  const core::Result<core::EventPtr> event = ReadEvent(frame->line);
  EXPECT_TRUE(event.ok()) << event.error().message;
  return event.ok() ? *event : nullptr;
}

core::Failure AFailure() {
  return {
      core::Phase::kVerify, "said \"no\"\n\x01", "KeyError", "Traceback\n  line", 3, 11, "last"};
}

TEST(EventCodec, EveryFactComesBackAsItWas) {
  core::RunStarted started;
  started.kind = core::RunKind::kBaseline;
  started.request_id = "8b1f";
  started.by = {1000, 99, "jörg"};
  started.total = 12;
  core::MigrationEnded ended;
  ended.migration_id = "1.1.0/001_x.py";
  ended.outcome = core::Outcome::kTimedOut;
  ended.duration = std::chrono::microseconds{123456789};
  ended.output = {1ULL << 40U, 17};
  ended.failure = AFailure();
  core::RunEnded run_ended;
  run_ended.outcome = core::RunOutcome::kInterrupted;
  run_ended.message = "power went";
  const std::vector<Fact> facts{
      started,
      core::MigrationStarted{"1.1.0/001_x.py", "ab", "Does", 3},
      core::OutputWritten{"1.1.0/001_x.py", core::OutputStream::kStderr, "tab\t\"quoted\"\nü"},
      core::ProgressReported{"1.1.0/001_x.py", 0.1, 1e300, "half"},
      ended,
      core::MigrationRechecked{"1.1.0/001_x.py", false, AFailure()},
      core::CancelRequested{core::CancelMode::kNow, {0, 1, "root"}, true},
      core::NoticeGiven{"", "a process was killed"},
      core::MigrationResolved{"1.1.0/001_x.py", core::Resolution::kSkipped, "by hand", ""},
      core::BaselineSet{"1.2.0", "restored"},
      run_ended,
  };
  for (const Fact& fact : facts) {
    const core::EventPtr event = ThereAndBack(fact);
    ASSERT_TRUE(event);
    EXPECT_EQ(event->time, core::WallTime{1'700'000'000'123'456});
    // Facts have no ==: the line says everything there is.
    EXPECT_EQ(LineOf(event->fact), LineOf(fact));
    EXPECT_EQ(event->fact.index(), fact.index());
  }
}

TEST(EventCodec, NumbersThatJsonDoesNotKnowBecomeZero) {
  const auto event = ThereAndBack(core::ProgressReported{
      "x", std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN(), ""});
  EXPECT_EQ(std::get<core::ProgressReported>(event->fact).done, 0);
}

TEST(EventCodec, BytesThatAreNotUtf8AreReplaced) {
  const auto event = ThereAndBack(core::NoticeGiven{"",
                                                    "a\xff"
                                                    "b"});
  EXPECT_EQ(std::get<core::NoticeGiven>(event->fact).message,
            "a\xEF\xBF\xBD"
            "b");
}

TEST(EventCodec, AnEventOfTheFutureIsNotIgnored) {
  const auto event =
      ReadEvent(R"({"sequence":1,"time":"2031-01-01T00:00:00.000000Z","event":"moon_landed"})");
  ASSERT_FALSE(event.ok());
  EXPECT_EQ(event.error().reason, core::Reason::kStateDamaged);
  EXPECT_NE(event.error().message.find("newer migrationd"), std::string::npos);
}

TEST(LogFrame, AnyFlippedBitIsNoticed) {
  const std::string line = LineOf(core::NoticeGiven{"1.1.0/001_x.py", "hello"});
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string flipped = line.substr(0, line.size() - 1);
      flipped[i] = static_cast<char>(static_cast<unsigned char>(flipped[i]) ^ (1U << bit));
      EXPECT_FALSE(ParseFrame(flipped)) << flipped;
    }
  }
}

TEST(LogFrame, APartOfALineIsNoLine) {
  const std::string line = LineOf(core::NoticeGiven{"", "hello"});
  for (std::size_t size = 0; size + 1 < line.size(); ++size) {
    EXPECT_FALSE(ParseFrame(line.substr(0, size)));
  }
}

TEST(Time, IsWrittenForPeopleAndReadBackExactly) {
  EXPECT_EQ(FormatTime(core::WallTime{0}), "1970-01-01T00:00:00.000000Z");
  for (const std::int64_t us : {0L, -1L, 1'700'000'000'123'456L, 951'782'400'000'000L}) {
    EXPECT_EQ(ParseTime(FormatTime(core::WallTime{us})), core::WallTime{us});
  }
}

TEST(Time, BeyondTheCalendarIsTheNearestMoment) {
  EXPECT_EQ(FormatTime(core::WallTime::max()), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTime(core::WallTime::min()), "0000-01-01T00:00:00.000000Z");
}

TEST(Time, OtherFormsAreRefused) {
  for (const char* text : {"", "2031-05-06", "2031-05-06T07:08:09Z", "2031-02-30T00:00:00.000000Z",
                           "2031-05-06T24:00:00.000000Z", "2031-05-06 07:08:09.000000Z"}) {
    EXPECT_FALSE(ParseTime(text)) << text;
  }
}

TEST(LogFileName, SortsByNumberAndReadsBack) {
  EXPECT_EQ(LogFileName(core::MakeRunId(12, 0x3f9c2a7e)), "000012-3f9c2a7e.jsonl");
  EXPECT_EQ(LogFileName(core::MakeRunId(1234567, 1)), "1234567-00000001.jsonl");
  EXPECT_EQ(ParseLogFileName("000012-3f9c2a7e.jsonl"), core::MakeRunId(12, 0x3f9c2a7e));
  for (const char* name :
       {"", ".jsonl", "12-3f9c2a7e.jsonl", "000012-3f9c2a7e.jsonl~", "000012.jsonl",
        "000000-3f9c2a7e.jsonl", "0000012-3f9c2a7e.jsonl", "000012-3F9C2A7E.jsonl"}) {
    EXPECT_FALSE(ParseLogFileName(name)) << name;
  }
}

}  // namespace
}  // namespace migrationd::storage

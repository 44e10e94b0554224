#include <gtest/gtest.h>

#include <chrono>

#include "daemon/core/text.h"

namespace migrationd::core {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

TEST(FormatDuration, ShowsTheDigitsThatMatter) {
  EXPECT_EQ(FormatDuration(0ns), "0.0 ms");
  EXPECT_EQ(FormatDuration(412us), "0.4 ms");
  EXPECT_EQ(FormatDuration(12ms), "12 ms");
  EXPECT_EQ(FormatDuration(3210ms), "3.2 s");
  EXPECT_EQ(FormatDuration(4min + 5s), "4 min 05 s");
  EXPECT_EQ(FormatDuration(2h + 3min + 20s), "2 h 03 min");
  EXPECT_EQ(FormatDuration(50h), "50 h 00 min");
}

TEST(FormatDuration, RoundingMovesOnToTheNextUnit) {
  EXPECT_EQ(FormatDuration(9'949us), "9.9 ms");
  EXPECT_EQ(FormatDuration(9'950us), "10 ms");
  EXPECT_EQ(FormatDuration(999'499us), "999 ms");
  EXPECT_EQ(FormatDuration(999'500us), "1.0 s");
  EXPECT_EQ(FormatDuration(59'949ms), "59.9 s");
  EXPECT_EQ(FormatDuration(59'950ms), "1 min 00 s");
  EXPECT_EQ(FormatDuration(59min + 59'500ms), "1 h 00 min");
}

TEST(FormatDuration, ExtremesAreShownToo) {
  EXPECT_EQ(FormatDuration(-3s), "-3.0 s");
  EXPECT_EQ(FormatDuration(nanoseconds::max()), "2562047 h 47 min");
  EXPECT_EQ(FormatDuration(nanoseconds::min()), "-2562047 h 47 min");
}

TEST(FormatTime, IsRfc3339InUtc) {
  EXPECT_EQ(FormatTime(0us), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTime(1'709'251'199s), "2024-02-29T23:59:59.000Z");
  EXPECT_EQ(FormatTime(1'000'000'000s + 7ms), "2001-09-09T01:46:40.007Z");
}

TEST(FormatTime, NeverShowsAMomentThatIsYetToCome) {
  EXPECT_EQ(FormatTime(999'999us), "1970-01-01T00:00:00.999Z");
  EXPECT_EQ(FormatTime(-1us), "1969-12-31T23:59:59.999Z");
}

TEST(FormatTime, StaysWithinFourDigitsOfAYear) {
  EXPECT_EQ(FormatTime(microseconds::min()), "0000-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTime(microseconds::max()), "9999-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace migrationd::core

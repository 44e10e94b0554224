#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "client/suggest.h"
#include "client/text/duration.h"
#include "client/text/json.h"
#include "client/text/visible.h"
#include "client/text/words.h"

namespace telec {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(Visible, TextThatIsHarmlessStaysAsItIs) {
  EXPECT_EQ(
      MakeVisible(
          "plain, tab\t, gr\xc3\xbc\xc3\x9f dich, \xe6\x97\xa5\xe6\x9c\xac, \xf0\x9f\x8e\x89"),
      "plain, tab\t, gr\xc3\xbc\xc3\x9f dich, \xe6\x97\xa5\xe6\x9c\xac, \xf0\x9f\x8e\x89");
}

TEST(Visible, NothingMovesTheCursorOrRetitlesTheWindow) {
  EXPECT_EQ(MakeVisible("\x1b[2J\x1b]0;owned\x07"), "^[[2J^[]0;owned^G");
  EXPECT_EQ(MakeVisible("over\rwritten\b\x7f"), "over^Mwritten^H^?");
  EXPECT_EQ(MakeVisible(std::string("\0", 1)), "^@");
}

TEST(Visible, EightBitControlsAreNoWayAround) {
  EXPECT_EQ(MakeVisible("\xc2\x9b"
                        "2J"),
            "<U+009B>2J");
  EXPECT_EQ(MakeVisible("\x9b"
                        "2J"),
            "\xef\xbf\xbd"
            "2J");
}

TEST(Visible, NothingReordersOrHidesText) {
  EXPECT_EQ(MakeVisible("a\xe2\x80\xae"
                        "b\xe2\x81\xa6"
                        "c"),
            "a<U+202E>b<U+2066>c");
  EXPECT_EQ(MakeVisible("\xe2\x80\xa8"), "<U+2028>");
}

TEST(Visible, LineBreaksStayOnlyWhereTheyAreWanted) {
  EXPECT_EQ(MakeVisible("a\nb"), "a^Jb");
  EXPECT_EQ(MakeVisible("a\nb", true), "a\nb");
}

TEST(Visible, BytesThatAreNotUtf8AreReplacedOneByOne) {
  EXPECT_EQ(MakeVisible("\xff\xc3(\xe2\x82"), "\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(Utf8, OverlongSurrogateAndTooLargeFormsAreNot) {
  for (const char* bad : {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\xf8\x88\x80\x80\x80", "\x80"}) {
    EXPECT_FALSE(IsUtf8(bad)) << ::testing::PrintToString(bad);
  }
  for (const char* good :
       {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsUtf8(good)) << ::testing::PrintToString(good);
  }
}

TEST(Columns, WideCharactersTakeTwoAndCombiningOnesNone) {
  EXPECT_EQ(ColumnsOf("abc"), 3U);
  EXPECT_EQ(ColumnsOf("\xe6\x97\xa5\xe6\x9c\xac"), 4U);
  EXPECT_EQ(ColumnsOf("e\xcc\x81"), 1U);
}

TEST(Columns, WhatIsTooLongEndsInDotsAndNeverInHalfACharacter) {
  EXPECT_EQ(Shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(Shortened("abcdefg", 6), "abc...");
  EXPECT_EQ(Shortened("\xe6\x97\xa5\xe6\x9c\xac\xe6\x97\xa5", 5), "\xe6\x97\xa5...");
  EXPECT_EQ(Shortened("abcdef", 2), "..");
}

TEST(Duration, IsShownInTheUnitThatFits) {
  EXPECT_EQ(FormatDuration(microseconds(0)), "0.0 ms");
  EXPECT_EQ(FormatDuration(microseconds(449)), "0.4 ms");
  EXPECT_EQ(FormatDuration(milliseconds(12)), "12 ms");
  EXPECT_EQ(FormatDuration(milliseconds(3'290)), "3.2 s");
  EXPECT_EQ(FormatDuration(std::chrono::seconds(245)), "4 min 05 s");
  EXPECT_EQ(FormatDuration(std::chrono::minutes(127)), "2 h 07 min");
}

TEST(Duration, IsReadInTheUsualUnits) {
  EXPECT_EQ(ParseDuration("90"), std::chrono::seconds(90));
  EXPECT_EQ(ParseDuration("0"), milliseconds(0));
  EXPECT_EQ(ParseDuration("500ms"), milliseconds(500));
  EXPECT_EQ(ParseDuration("10m"), std::chrono::minutes(10));
  EXPECT_EQ(ParseDuration("1h30m"), std::chrono::minutes(90));
}

TEST(Duration, WhatIsNoneIsNotGuessed) {
  for (const char* bad :
       {"", "x", "-1", "1.5s", "10 m", "m", "1d", "5 5", "1h30", "99999999999999999999", "9000h"}) {
    EXPECT_FALSE(ParseDuration(bad)) << bad;
  }
}

TEST(Words, BytesAreShownInThePowerOfTenThatFits) {
  EXPECT_EQ(FormatBytes(1), "1 byte");
  EXPECT_EQ(FormatBytes(999), "999 bytes");
  EXPECT_EQ(FormatBytes(1'234), "1.2 kB");
  EXPECT_EQ(FormatBytes(200'000'000), "200 MB");
  EXPECT_EQ(FormatBytes(20'000'000'000), "20 GB");
}

TEST(Words, ValuesOfANewerDaemonAreNotGuessed) {
  EXPECT_EQ(WordOf(static_cast<api::Outcome>(99)), "unknown");
  EXPECT_EQ(WordOf(static_cast<api::RunOutcome>(99)), "unknown");
  EXPECT_FALSE(EndedWell(static_cast<api::Outcome>(99)));
}

TEST(Suggestion, TheNearestWordIsOffered) {
  const std::vector<std::string> known = {"status", "history", "--dry-run", "--detach"};
  EXPECT_EQ(Suggest("statsu", known), "status");
  EXPECT_EQ(Suggest("--dryrun", known), "--dry-run");
  EXPECT_EQ(Suggest("hist", known), "history");
  EXPECT_EQ(Suggest("frobnicate", known), "");
}

TEST(Json, ErrorsAreOneLineWhateverTheyHold) {
  EXPECT_EQ(JsonLine("error", {{"code", "X"}, {"message", "a \"b\"\nc"}, {"hint", ""}}),
            "{\"error\":{\"code\":\"X\",\"message\":\"a \\\"b\\\"\\nc\",\"hint\":\"\"}}\n");
  EXPECT_EQ(JsonLine("notice", {{"message", "\xff"}}),
            "{\"notice\":{\"message\":\"\xef\xbf\xbd\"}}\n");
}

}  // namespace
}  // namespace telec

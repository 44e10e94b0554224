#include "daemon/core/text.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/core/utf8.h"

namespace migrationd::core {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

TEST(Quote, PlainTextStandsInQuotes) {
  EXPECT_EQ(Quote(""), "''");
  EXPECT_EQ(Quote("v1.1.0/001_a b.py"), "'v1.1.0/001_a b.py'");
  EXPECT_EQ(Quote("größe €"), "'größe €'");
}

TEST(Quote, WhatEndsTheQuoteIsEscaped) { EXPECT_EQ(Quote(R"(it's a \ )"), R"('it\'s a \\ ')"); }

TEST(Quote, ControlCharactersAreMadeVisible) {
  EXPECT_EQ(Quote("a\nb\tc\rd"), R"('a\nb\tc\rd')");
  EXPECT_EQ(Quote("\x1B]0;title\x07\x7F"), R"('\x1b]0;title\x07\x7f')");
  EXPECT_EQ(Quote(std::string_view("\0", 1)), R"('\x00')");
  EXPECT_EQ(Quote("\u009B2J"), R"('\u009b2J')") << "a terminal may take C1 for an escape";
}

TEST(Quote, TextThatWouldDeceiveTheReaderIsMadeVisible) {
  EXPECT_EQ(Quote("yp.\u202Etxt\u200B\uFEFF\u2066"), R"('yp.\u202etxt\u200b\ufeff\u2066')");
}

TEST(Quote, BytesThatAreNotUtf8AreShownOneByOne) {
  EXPECT_EQ(Quote("a\xFF\xE2\x82z"), R"('a\xff\xe2\x82z')");
}

TEST(ToValidUtf8, ValidTextIsLeftAlone) {
  for (const std::string_view text :
       {"", "a", "plain ASCII, longer than eight bytes", "größe", "€ 𝄞 \uFFFD", "日本語"}) {
    EXPECT_EQ(ToValidUtf8(text), text);
  }
  EXPECT_EQ(ToValidUtf8(std::string_view("a\0b", 3)), std::string_view("a\0b", 3));
}

TEST(ToValidUtf8, EachMaximalSubpartBecomesOneReplacement) {
  // Tables 3-8 to 3-11 of the Unicode Standard.
  const std::string r(kReplacement);
  EXPECT_EQ(ToValidUtf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
            r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(ToValidUtf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
            r + r + r + r + r + r + r + r + "A");
  EXPECT_EQ(ToValidUtf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
            r + r + r + r + r + "A" + r + r + "B");
  EXPECT_EQ(ToValidUtf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), r + r + r + r + "A");
}

TEST(ToValidUtf8, ATornEndIsOneReplacement) {
  EXPECT_EQ(ToValidUtf8("a\xF0\x9D\x84"), "a" + std::string(kReplacement));
}

TEST(ToValidUtf8, AnInvalidByteIsFoundAtEveryPlaceOfAWord) {
  for (std::size_t place = 0; place < 40; ++place) {
    std::string text(40, 'x');
    text[place] = '\xFF';
    EXPECT_EQ(ValidUtf8Prefix(text), place);
    EXPECT_EQ(ToValidUtf8(text),
              std::string(place, 'x') + std::string(kReplacement) + std::string(39 - place, 'x'));
  }
}

TEST(ToValidUtf8, AFloodOfInvalidBytesIsReplacedByteByByte) {
  EXPECT_EQ(ToValidUtf8(std::string(1'000'000, '\xFF')).size(), 3'000'000U);
}

constexpr std::array<std::string_view, 4> kKeys = {"initial_version", "interpreter",
                                                   "timeout_seconds", "state"};

TEST(ClosestOf, FindsTheWordThatWasMeant) {
  EXPECT_EQ(ClosestOf("initail_version", kKeys), "initial_version");
  EXPECT_EQ(ClosestOf("interpretr", kKeys), "interpreter");
  EXPECT_EQ(ClosestOf("timeout_second", kKeys), "timeout_seconds");
  EXPECT_EQ(ClosestOf("sate", kKeys), "state");
  EXPECT_EQ(ClosestOf("satte", kKeys), "state");
  EXPECT_EQ(ClosestOf("state", kKeys), "state");
}

TEST(ClosestOf, SuggestsNothingWhenNothingIsNear) {
  EXPECT_EQ(ClosestOf("colour", kKeys), "");
  EXPECT_EQ(ClosestOf("", kKeys), "");
  EXPECT_EQ(ClosestOf("x", std::vector<std::string>{"y", "to"}), "");
  EXPECT_EQ(ClosestOf("word", std::vector<std::string>{}), "");
}

TEST(ClosestOf, TheFirstOfEqualsWins) {
  EXPECT_EQ(ClosestOf("cat", std::vector<std::string>{"dog", "bat", "hat"}), "bat");
}

TEST(ClosestOf, AnEndlessWordIsFarFromAll) {
  EXPECT_EQ(ClosestOf(std::string(5'000'000, 'x'), kKeys), "");
}

}  // namespace
}  // namespace migrationd::core

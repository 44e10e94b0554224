#include "daemon/core/version.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace migrationd::core {
namespace {

Version Parsed(std::string_view text) {
  const auto version = Version::Parse(text);
  EXPECT_TRUE(version) << text;
  return version.value_or(Version());
}

std::string CanonicalOf(std::string_view text) { return Parsed(text).Canonical(); }

/// Each version against each other one: what stands earlier is the lesser.
void ExpectAscending(std::initializer_list<std::string_view> texts) {
  std::vector<Version> versions;
  for (const std::string_view text : texts) versions.push_back(Parsed(text));
  for (std::size_t i = 0; i < versions.size(); ++i) {
    for (std::size_t j = 0; j < versions.size(); ++j) {
      EXPECT_TRUE((versions[i] <=> versions[j]) == (i <=> j))
          << versions[i].Canonical() << " and " << versions[j].Canonical();
      EXPECT_EQ(versions[i] == versions[j], i == j);
    }
  }
}

void ExpectSame(std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) EXPECT_EQ(Parsed(text), Parsed(*texts.begin())) << text;
}

TEST(VersionOrder, FinalReleasesGoNumberByNumber) {
  ExpectAscending(
      {"0.9", "0.9.1", "0.9.2", "0.9.10", "0.9.11", "1.0", "1.0.1", "1.1", "2.0", "2.0.1"});
}

TEST(VersionOrder, DatesAreReleasesToo) {
  ExpectAscending({"2012.4", "2012.7", "2012.10", "2013.1", "2013.6"});
}

TEST(VersionOrder, ThePepsSummaryIsAscending) {
  ExpectAscending({"1.dev0",
                   "1.0.dev456",
                   "1.0a1",
                   "1.0a2.dev456",
                   "1.0a12.dev456",
                   "1.0a12",
                   "1.0b1.dev456",
                   "1.0b2",
                   "1.0b2.post345.dev456",
                   "1.0b2.post345",
                   "1.0rc1.dev456",
                   "1.0rc1",
                   "1.0",
                   "1.0+abc.5",
                   "1.0+abc.7",
                   "1.0+5",
                   "1.0.post456.dev34",
                   "1.0.post456",
                   "1.0.15",
                   "1.1.dev1"});
}

TEST(VersionOrder, ANewEpochIsAfterEveryOlderOne) {
  ExpectAscending({"2013.10", "2014.04", "1!1.0", "1!1.1", "1!2.0", "2!0"});
}

TEST(VersionOrder, LocalVersionsFollowTheirReleaseTextBeforeNumbers) {
  ExpectAscending({"1.0", "1.0+a", "1.0+a.a", "1.0+a.1", "1.0+b", "1.0+1", "1.0+1.a", "1.0+1.1",
                   "1.0+2", "1.0+10"});
}

TEST(VersionOrder, NumbersHaveNoLimit) {
  ExpectAscending({"1.9223372036854775808", "1.18446744073709551615", "1.18446744073709551616",
                   "1.100000000000000000000000000000000000000", "18446744073709551616",
                   "18446744073709551616.post1", "18446744073709551616.post99999999999999999999"});
}

TEST(VersionOrder, TrailingZerosAndSpellingsDoNotCount) {
  ExpectSame({"1.1", "1.1.0", "v1.1.0.0", "0!1.1", "01.001"});
  ExpectSame({"1.0rc1", "1.0c1", "1.0-PRE-1", "1.0_preview.01", "1.0.rc1"});
  ExpectSame({"1.0.post1", "1.0-1", "1.0-r1", "1.0rev1", "1.0POST.1"});
  ExpectSame({"1.0+ubuntu.1", "1.0+Ubuntu-01", "1.0+UBUNTU_1"});
}

TEST(VersionText, TheCanonicalFormIsShortAndLowerCase) {
  EXPECT_EQ(CanonicalOf(" V1.0-ALPHA_1 \n"), "1.0a1");
  EXPECT_EQ(CanonicalOf("1.0.beta"), "1.0b0");
  EXPECT_EQ(CanonicalOf("1.0c"), "1.0rc0");
  EXPECT_EQ(CanonicalOf("1.0-1"), "1.0.post1");
  EXPECT_EQ(CanonicalOf("1.0r"), "1.0.post0");
  EXPECT_EQ(CanonicalOf("1.0DEV"), "1.0.dev0");
  EXPECT_EQ(CanonicalOf("1.0+Abc-007_x"), "1.0+abc.7.x");
  EXPECT_EQ(CanonicalOf("002!1.0.0preview003-04dev5+6"), "2!1.0.0rc3.post4.dev5+6");
}

TEST(VersionText, TheCanonicalFormReadsBackAsItself) {
  for (const std::string_view text :
       {"0", "1.0.0", "3!1a0.post2.dev1+x.1", "1.post0", "99999999999999999999.1"}) {
    EXPECT_EQ(CanonicalOf(text), text);
  }
}

TEST(VersionText, WhiteSpaceIsWhatPythonTakesForIt) {
  EXPECT_EQ(CanonicalOf("\t\x1F 1.0\v\r\n"), "1.0");
  EXPECT_EQ(CanonicalOf("\xC2\xA0\xE3\x80\x80"
                        "1.0\xE2\x80\xA9"),
            "1.0");
  EXPECT_FALSE(
      Version::Parse("\xE2\x80\x8B"
                     "1.0"))
      << "a zero width space is not white space";
}

TEST(VersionText, WhatIsNotAVersionIsNothing) {
  for (const std::string_view text : {"",
                                      " ",
                                      "v",
                                      "x",
                                      "1.",
                                      ".1",
                                      "1..0",
                                      "1.0-",
                                      "1 .0",
                                      "vv1",
                                      "1!",
                                      "!1",
                                      "1!1!1",
                                      "-1",
                                      "1.0a1a2",
                                      "1.0.dev1.post1",
                                      "1.0rc1rc2",
                                      "1.0-1-2",
                                      "1.0+",
                                      "1.0+a+b",
                                      "1.0+a..b",
                                      "1.0+.a",
                                      "1.0+a-",
                                      "1.0_",
                                      "1.0x",
                                      "1.0gamma1",
                                      "latest",
                                      "1.0 1.0",
                                      "1.\xD9\xA1",
                                      "1.0+\xC4\xB0",
                                      "1.0po\xC5\xBFt1",
                                      "1.0\xFF"}) {
    EXPECT_FALSE(Version::Parse(text)) << text;
  }
  EXPECT_FALSE(Version::Parse(std::string_view("1.0\0", 4))) << "a NUL byte is not the end";
}

TEST(VersionText, ALongTextIsReadInOneGo) {
  std::string text = "1";
  for (int i = 0; i < 200'000; ++i) text += ".1";
  EXPECT_EQ(CanonicalOf(text), text);
  EXPECT_FALSE(Version::Parse(text + "."));
}

TEST(VersionZero, IsAtOrBelowEveryFinalRelease) {
  EXPECT_EQ(Version::Zero().Canonical(), "0");
  EXPECT_EQ(Version::Zero(), Version());
  EXPECT_EQ(Version::Zero(), Parsed("0.0"));
  EXPECT_LT(Version::Zero(), Parsed("0.0.1.dev0"));
  EXPECT_GT(Version::Zero(), Parsed("0rc1"));
}

}  // namespace
}  // namespace migrationd::core

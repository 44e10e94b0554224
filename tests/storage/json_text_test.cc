#include "daemon/storage/json_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "daemon/core/utf8.h"
#include "daemon/storage/json_fields.h"

namespace migrationd::storage {
namespace {

std::string Written(std::string_view text) {
  std::string json;
  AppendJsonText(json, text);
  return json;
}

/// Texts out of the pieces that matter, in random order: always the same ones.
std::vector<std::string> ManyTexts() {
  const std::vector<std::string> pieces = {"a",  "\"", "\\", "\n",   "\t",    "\b",
                                           "\f", "\r", "/",  "\x01", "\x1f",  "\x7f",
                                           "ü",  "€",  "😀",  "<",    "u0041", "plain words "};
  std::mt19937 random(7);
  std::vector<std::string> texts = {"", std::string(1, '\0')};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (auto left = random() % 12; left > 0; --left) text += pieces[random() % pieces.size()];
    texts.push_back(std::move(text));
  }
  return texts;
}

TEST(JsonText, IsWrittenAsTheLibraryWritesIt) {
  for (const std::string& text : ManyTexts()) EXPECT_EQ(Written(text), Dump(JsonOut(text)));
}

TEST(JsonText, ComesBackAsItWas) {
  for (const std::string& text : ManyTexts()) {
    const std::string json = Written(text) + ",\"more\"";
    const std::size_t end = EndOfJsonText(json, 1);
    ASSERT_EQ(json.substr(end), "\",\"more\"") << json;
    EXPECT_EQ(ReadJsonText(std::string_view(json).substr(1, end - 1)), text);
  }
}

TEST(JsonText, BytesThatAreNotUtf8AreReplaced) {
  const std::string json = Written("a\xff\xc3z\n");
  EXPECT_EQ(core::ValidUtf8Prefix(json), json.size());
  EXPECT_EQ(json, "\"a\xef\xbf\xbd\xef\xbf\xbdz\\n\"");
}

TEST(JsonText, WhatWeDoNotWriteIsLeftToTheLibrary) {
  for (const char* foreign :
       {"\\/", "\\u00e4", "\\ud83d\\ude00", "\\u00", "\\u000", "\\x", "\\", "\\u0 1f"}) {
    EXPECT_EQ(ReadJsonText(foreign), std::nullopt) << foreign;
  }
}

TEST(JsonText, AStringWithoutAnEndHasNone) {
  EXPECT_EQ(EndOfJsonText("\"abc", 1), std::string_view::npos);
  EXPECT_EQ(EndOfJsonText("\"abc\\\"", 1), std::string_view::npos);
  EXPECT_EQ(EndOfJsonText("\"\\\\\"", 1), 3U);
}

}  // namespace
}  // namespace migrationd::storage

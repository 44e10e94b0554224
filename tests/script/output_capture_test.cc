#include "daemon/script/output_capture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace migrationd::script {
namespace {

using core::OutputStream;

class AnOutputCapture : public ::testing::Test {
 public:
  void Limit(std::size_t head, std::size_t tail) {
    capture = OutputCapture({head, tail}, [this](OutputStream stream, std::string text) {
      texts.push_back(text);
      all += text;
      (stream == OutputStream::kStdout ? out : err) += text;
    });
  }

  AnOutputCapture() { Limit(1000, 1000); }

  void Print(std::string_view bytes) { capture.Write(OutputStream::kStdout, bytes); }

  std::vector<std::string> texts;
  std::string all;
  std::string out;
  std::string err;
  OutputCapture capture{{}, {}};
};

TEST_F(AnOutputCapture, TellsWholeLinesAtOnce) {
  Print("one\ntwo\nthr");
  EXPECT_EQ(texts, (std::vector<std::string>{"one\ntwo\n"}));
  Print("ee\n");
  EXPECT_EQ(texts, (std::vector<std::string>{"one\ntwo\n", "three\n"}));
}

TEST_F(AnOutputCapture, KeepsTheStreamsLinesApart) {
  Print("a half");
  capture.Write(OutputStream::kStderr, "bad\n");
  Print(" line\n");
  EXPECT_EQ(texts, (std::vector<std::string>{"bad\n", "a half line\n"}));
}

TEST_F(AnOutputCapture, TellsALastLineWithoutAnEnd) {
  Print("done");
  capture.Finish();
  EXPECT_EQ(all, "done");
}

TEST_F(AnOutputCapture, TellsAnUnfinishedLineWhenAskedToButNoHalfLetter) {
  Print("50 \xe2\x82");
  EXPECT_TRUE(capture.HasUnfinishedLines());
  capture.TellUnfinishedLines();
  EXPECT_EQ(all, "50 ");
  Print("\xac\n");
  EXPECT_EQ(all, "50 \xe2\x82\xac\n");
}

TEST_F(AnOutputCapture, ReplacesWhatIsNotUtf8) {
  Print("a\xff\xfe b\n\xc3");
  capture.Finish();
  EXPECT_EQ(all, "a\xef\xbf\xbd\xef\xbf\xbd b\n\xef\xbf\xbd");
}

TEST_F(AnOutputCapture, CutsALongLineBetweenLetters) {
  Limit(2 << 20, 0);
  std::string line;
  while (line.size() < 1 << 20) line += "\xe2\x82\xac";
  Print("x" + line + "\n");
  EXPECT_EQ(all, "x" + line + "\n");
  EXPECT_GT(texts.size(), 5U);
  for (const std::string& text : texts) EXPECT_LE(text.size(), 160U * 1024);
}

TEST_F(AnOutputCapture, KeepsHeadAndTailAndCountsTheRest) {
  Limit(10, 40000);
  Print("the head\n");
  for (int i = 0; i < 100000; ++i) Print("line " + std::to_string(i) + "\n");
  capture.Finish();
  EXPECT_TRUE(all.starts_with("the head\n"));
  EXPECT_TRUE(all.ends_with("line 99999\n"));
  const core::OutputTotals totals = capture.totals();
  EXPECT_GT(totals.dropped, 0U);
  const std::string mark = "[" + std::to_string(totals.dropped) + " bytes are left out here]\n";
  EXPECT_NE(all.find(mark), std::string::npos);
  // The "l" of line 0 was in the head: its line is ended for the mark.
  EXPECT_EQ(all.size() - mark.size() - 1, totals.bytes - totals.dropped);
  EXPECT_NE(all.find(mark + "line "), std::string::npos);
}

TEST_F(AnOutputCapture, LeavesNoTraceOfALimitThatWasNotReached) {
  Limit(5, 1000);
  Print("one\ntwo\nthree");
  EXPECT_FALSE(capture.HasUnfinishedLines());
  capture.Finish();
  EXPECT_EQ(all, "one\ntwo\nthree");
  EXPECT_EQ(capture.totals(), (core::OutputTotals{13, 0}));
}

TEST_F(AnOutputCapture, MayKeepNothing) {
  Limit(0, 0);
  for (int i = 0; i < 100; ++i) Print(std::string(10000, 'x'));
  capture.Finish();
  EXPECT_EQ(capture.totals().bytes, 1000000U);
  EXPECT_GT(capture.totals().dropped, 900000U);
}

TEST_F(AnOutputCapture, RemembersTheLastLines) {
  for (int i = 0; i < 10000; ++i) Print("line " + std::to_string(i) + "\n");
  const std::string last = capture.LastOutput();
  EXPECT_TRUE(last.starts_with("line 9"));
  EXPECT_TRUE(last.ends_with("line 9999\n"));
  EXPECT_LE(last.size(), 2000U);
}

TEST_F(AnOutputCapture, RemembersTheEndOfAnEndlessLine) {
  for (int i = 0; i < 10000; ++i) Print("xxx\xe2\x82\xac");
  EXPECT_LE(capture.LastOutput().size(), 2000U);
  EXPECT_GT(capture.LastOutput().size(), 1900U);
}

TEST_F(AnOutputCapture, CountsWhatManySmallChunksTake) {
  Limit(0, 6400);
  for (int i = 0; i < 100000; ++i) {
    Print("x");
    capture.Write(OutputStream::kStderr, "y");
  }
  capture.Finish();
  // A chunk of one byte counts as many.
  EXPECT_LT(out.size(), 1000U);
  EXPECT_EQ(capture.totals().bytes, 200000U);
}

}  // namespace
}  // namespace migrationd::script

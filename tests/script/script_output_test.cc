#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "tests/script/script_fixture.h"

namespace migrationd::script {
namespace {

using ScriptOutput = ScriptFixture;

std::string Check(const std::string& body) {
  return "import os, sys, time\ndef migrate(): return True\ndef check():\n    " + body +
         "\n    return True\n";
}

/// Of this process, in bytes.
long ResidentMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atol(line.c_str() + 6) * 1024;
  }
  return 0;
}

TEST_F(ScriptOutput, ComesWhileTheScriptRuns) {
  Start(MakeJob(Check("print('begun'); time.sleep(600)")));
  EXPECT_TRUE(WaitUntil([this] { return listener->printed == "begun\n"; }));
  EXPECT_FALSE(listener->end);
}

TEST_F(ScriptOutput, ComesAlsoWhenItsLineIsNotComplete) {
  Start(MakeJob(Check("print('...', end='', flush=True); time.sleep(600)")));
  EXPECT_TRUE(WaitUntil([this] { return listener->printed == "..."; }));
}

TEST_F(ScriptOutput, HasItsStreamsApartAndItsTotals) {
  const Listener& heard = Run(Check("print('good'); print('bad', file=sys.stderr)"));
  EXPECT_EQ(heard.printed, "good\n");
  EXPECT_EQ(heard.complained, "bad\n");
  EXPECT_EQ(heard.end->output, (core::OutputTotals{9, 0}));
}

TEST_F(ScriptOutput, OfProgramsThatItRunsIsItsOutput) {
  EXPECT_EQ(Run(Check("os.system('echo from sh')")).printed, "from sh\n");
}

TEST_F(ScriptOutput, ThatCannotBeEncodedDoesNotEndTheScript) {
  const Listener& heard = Run(Check("print('\\ud800 \xe2\x82\xac')"));
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(heard));
  EXPECT_EQ(heard.printed, "\\ud800 \xe2\x82\xac\n");
}

TEST_F(ScriptOutput, ThatIsNotUtf8IsMadeUtf8) {
  EXPECT_EQ(Run(Check("os.write(1, b'a\\xff\\n')")).printed, "a\xef\xbf\xbd\n");
}

TEST_F(ScriptOutput, OfALineOfTenMegabytesComesInPieces) {
  options.output.head_bytes = 20'000'000;
  Restart();
  const Listener& heard = Run(Check("sys.stdout.write('x' * 10_000_000 + '\\n')"));
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(heard));
  EXPECT_EQ(heard.printed.size(), 10'000'001U);
  EXPECT_LE(heard.longest_text, 160U * 1024);
}

TEST_F(ScriptOutput, ThatNobodyFlushedComesAllTheSame) {
  EXPECT_EQ(Run(Check("sys.stdout.write('half a line')")).printed, "half a line");
}

/// TELEC_FLOOD_BYTES: how much; the long run takes 20 GiB.
TEST_F(ScriptOutput, ThatFloodsTakesNoMemoryAndChangesNoOutcome) {
  const char* wanted = std::getenv("TELEC_FLOOD_BYTES");
  const long long bytes = wanted != nullptr ? std::atoll(wanted) : 256LL * 1024 * 1024;
  options.output = {.head_bytes = 512 * 1024, .tail_bytes = 512 * 1024};
  Restart();
  Run(Check("pass"));
  core::ScriptJob job =
      MakeJob(Check("block = (b'x' * 99 + b'\\n') * 10000\n"
                    "    left = " +
                    std::to_string(bytes) +
                    "\n"
                    "    while left > 0:\n"
                    "        left -= os.write(1, block[:left])\n"
                    "    print('the end')"));
  job.timeout = std::chrono::hours(2);
  const long before = ResidentMemory();
  Start(std::move(job));
  ASSERT_TRUE(WaitUntil([this] { return listener->end.has_value(); }, std::chrono::hours(2)));
  const long growth = ResidentMemory() - before;
  std::printf("%lld bytes of output: memory grew by %ld KiB, %llu bytes dropped\n", bytes,
              growth / 1024, static_cast<unsigned long long>(listener->end->output.dropped));
  EXPECT_TRUE(Ended<core::ScriptWasApplied>(*listener));
  EXPECT_LT(growth, 16L * 1024 * 1024);
  EXPECT_EQ(listener->end->output.bytes, static_cast<std::uint64_t>(bytes) + 8);
  EXPECT_GE(listener->end->output.dropped, static_cast<std::uint64_t>(bytes) - 1'100'000);
  EXPECT_TRUE(listener->printed.ends_with("the end\n"));
  EXPECT_LE(listener->printed.size(), 1'200'000U);
}

TEST_F(ScriptOutput, ThatFloodsDoesNotKeepItFromBeingStopped) {
  Start(MakeJob(Check("while True: os.write(1, b'y\\n' * 30000)")));
  ASSERT_TRUE(WaitUntil([this] { return !listener->printed.empty(); }));
  runner->Stop();
  ASSERT_TRUE(WaitUntil([this] { return listener->end.has_value(); }));
  EXPECT_TRUE(Ended<core::ScriptStopped>(*listener));
}

}  // namespace
}  // namespace migrationd::script

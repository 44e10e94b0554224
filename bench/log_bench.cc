#include <benchmark/benchmark.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "bench/samples.h"
#include "daemon/storage/digest.h"
#include "daemon/storage/event_reader.h"
#include "daemon/storage/log_frame.h"
#include "daemon/storage/posix_files.h"
#include "daemon/storage/reserve.h"
#include "daemon/storage/run_log.h"

namespace migrationd::bench {
namespace {

/// A run log in a folder of its own below the working directory, whose disk is the one measured.
class LogOnDisk {
 public:
  LogOnDisk()
      : folder_("log_bench." + std::to_string(getpid())), reserve_(files_, folder_ / "reserve", 0) {
    std::filesystem::create_directory(folder_);
  }
  ~LogOnDisk() {
    log_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  LogOnDisk(const LogOnDisk&) = delete;
  LogOnDisk& operator=(const LogOnDisk&) = delete;

  /// Begins a new log with the first of `events`; false when that failed.
  bool Begin(std::span<const core::EventPtr> events) {
    log_.reset();
    const std::string path = folder_ / "run.jsonl";
    std::filesystem::remove(path);
    const storage::LogHeader header{SampleRun().text, 0, 0};
    auto made = storage::RunLog::Create(files_, path, reserve_, header, events.first(1));
    if (!made) return false;
    log_.emplace(std::move(*made));
    return true;
  }

  storage::RunLog& log() { return *log_; }

 private:
  std::filesystem::path folder_;
  storage::PosixFiles files_;
  storage::Reserve reserve_;
  std::optional<storage::RunLog> log_;
};

/// The end of one migration and the start of the next: what a run writes between two scripts.
void AppendToLog(benchmark::State& bench) {
  const bool durable = bench.range(0) != 0;
  bench.SetLabel(durable ? "synced" : "not synced");
  const auto events = MakeRun(MakeCatalogue(10000));
  const std::span<const core::EventPtr> all(events);
  LogOnDisk disk;
  std::size_t next = all.size();
  for (auto _ : bench) {
    if (next + 2 >= all.size()) {
      bench.PauseTiming();
      if (!disk.Begin(all)) return bench.SkipWithError("the log cannot be made here");
      next = 1;
      bench.ResumeTiming();
    }
    if (!disk.log().Append(all.subspan(next, 2), durable)) {
      return bench.SkipWithError("the log cannot be written here");
    }
    next += 2;
  }
}
BENCHMARK(AppendToLog)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond)->UseRealTime();

void EncodeLogLine(benchmark::State& bench) {
  const auto events = MakeRun(MakeCatalogue(1));
  const core::Event& ended = *events.at(2);
  for (auto _ : bench) benchmark::DoNotOptimize(storage::EncodeLine(ended, 2));
}
BENCHMARK(EncodeLogLine);

void CheckLogLine(benchmark::State& bench) {
  const auto events = MakeRun(MakeCatalogue(1));
  std::string line = storage::EncodeLine(*events.at(2), 2);
  line.pop_back();
  for (auto _ : bench) benchmark::DoNotOptimize(storage::ParseFrame(line));
}
BENCHMARK(CheckLogLine);

void ReadLogLine(benchmark::State& bench) {
  const auto events = MakeRun(MakeCatalogue(1));
  std::string line = storage::EncodeLine(*events.at(2), 2);
  line.pop_back();
  for (auto _ : bench) benchmark::DoNotOptimize(storage::ReadEvent(line));
}
BENCHMARK(ReadLogLine);

void EncodeOutputLine(benchmark::State& bench) {
  const std::size_t bytes = std::size_t{64} << 10U;
  const core::Event event{
      7, core::WallTime(0),
      core::OutputWritten{"1.0.0/001_x.py", core::OutputStream::kStdout, MakeText(bytes, true)}};
  for (auto _ : bench) benchmark::DoNotOptimize(storage::EncodeLine(event, 2));
  bench.SetBytesProcessed(bench.iterations() * static_cast<std::int64_t>(bytes));
}
BENCHMARK(EncodeOutputLine)->Unit(benchmark::kMicrosecond);

void HashScript(benchmark::State& bench) {
  const std::string script = MakeText(static_cast<std::size_t>(bench.range(0)), true);
  for (auto _ : bench) benchmark::DoNotOptimize(storage::Sha256Hex({script}));
  bench.SetBytesProcessed(bench.iterations() * bench.range(0));
}
BENCHMARK(HashScript)->Arg(500)->Arg(1 << 20);

}  // namespace
}  // namespace migrationd::bench

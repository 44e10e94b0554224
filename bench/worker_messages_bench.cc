#include <benchmark/benchmark.h>

#include <string>
#include <string_view>

#include "bench/samples.h"
#include "daemon/script/worker_messages.h"

namespace migrationd::bench {
namespace {

/// What a job with an unprepared script costs to say.
void PackJob(benchmark::State& bench) {
  const std::string script = MakeText(static_cast<std::size_t>(bench.range(0)), true);
  for (auto _ : bench) {
    benchmark::DoNotOptimize(script::PackForStream(
        'J', {"migrate", "1.1.0/001_rename_config_key.py", "12-3f9c2a7e", "1.0.0", "1.1.0",
              "/srv/app/migrations/v1.1.0/001_rename_config_key.py", script}));
  }
}
BENCHMARK(PackJob)->Arg(500)->Arg(64 << 10);

/// A result, as it comes from a script's process.
void ReadResult(benchmark::State& bench) {
  const std::string bytes = script::PackForStream('R', {"applied"});
  for (auto _ : bench) {
    script::MessageReader reader(std::size_t{4} << 20U);
    reader.Feed(bytes);
    benchmark::DoNotOptimize(reader.Next());
  }
}
BENCHMARK(ReadResult);

/// The facts about a hundred scripts, in pieces as a socket gives them.
void ReadFacts(benchmark::State& bench) {
  constexpr std::size_t kPieceBytes = 4096;
  std::vector<std::string_view> fields;
  for (int i = 0; i < 100; ++i) {
    fields.insert(fields.end(), {"Rename 'colour' to 'color' in settings.json.", "300", ""});
  }
  const std::string bytes = script::PackForStream('A', fields);
  for (auto _ : bench) {
    script::MessageReader reader(std::size_t{4} << 20U);
    for (std::size_t at = 0; at < bytes.size(); at += kPieceBytes) {
      reader.Feed(std::string_view(bytes).substr(at, kPieceBytes));
    }
    benchmark::DoNotOptimize(reader.Next());
  }
  bench.SetBytesProcessed(bench.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(ReadFacts)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace migrationd::bench

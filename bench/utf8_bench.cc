#include <benchmark/benchmark.h>

#include "bench/samples.h"
#include "daemon/core/text.h"
#include "daemon/core/utf8.h"

namespace migrationd::bench {
namespace {

constexpr std::size_t kBytes = std::size_t{64} << 10U;

void CountBytes(benchmark::State& bench) {
  bench.SetBytesProcessed(bench.iterations() * static_cast<std::int64_t>(kBytes));
}

void CheckUtf8(benchmark::State& bench) {
  const std::string text = MakeText(kBytes, bench.range(0) == 0);
  bench.SetLabel(bench.range(0) == 0 ? "ASCII" : "with other letters");
  for (auto _ : bench) benchmark::DoNotOptimize(core::ValidUtf8Prefix(text));
  CountBytes(bench);
}
BENCHMARK(CheckUtf8)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void ToValidUtf8(benchmark::State& bench) {
  const std::string text = MakeText(kBytes, bench.range(0) == 0);
  bench.SetLabel(bench.range(0) == 0 ? "ASCII" : "with other letters");
  for (auto _ : bench) benchmark::DoNotOptimize(core::ToValidUtf8(text));
  CountBytes(bench);
}
BENCHMARK(ToValidUtf8)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

/// A byte in a hundred is wrong.
void MendUtf8(benchmark::State& bench) {
  std::string text = MakeText(kBytes, true);
  for (std::size_t i = 0; i < text.size(); i += 100) text[i] = '\xff';
  for (auto _ : bench) benchmark::DoNotOptimize(core::ToValidUtf8(text));
  CountBytes(bench);
}
BENCHMARK(MendUtf8)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace migrationd::bench

#include <benchmark/benchmark.h>

#include "bench/samples.h"
#include "daemon/core/state.h"

namespace migrationd::bench {
namespace {

/// All events of a run into an empty state: what recovery does with a log.
void FoldRun(benchmark::State& bench) {
  const auto events = MakeRun(MakeCatalogue(static_cast<std::size_t>(bench.range(0))));
  const core::RunId run = SampleRun();
  for (auto _ : bench) {
    core::State state;
    for (const core::EventPtr& event : events) core::Apply(state, run, *event);
    benchmark::DoNotOptimize(state);
  }
  bench.SetItemsProcessed(bench.iterations() * static_cast<std::int64_t>(events.size()));
}
BENCHMARK(FoldRun)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond);

/// The two events of one migration into a state that has that many records: must not grow with it.
void FoldOneMigration(benchmark::State& bench) {
  const auto catalogue = MakeCatalogue(static_cast<std::size_t>(bench.range(0)));
  const auto events = MakeRun(catalogue);
  const core::EventPtr& started = events.at(events.size() - 3);
  const core::EventPtr& ended = events.at(events.size() - 2);
  const core::RunId run = SampleRun();
  core::State state = MakeState(catalogue);
  for (auto _ : bench) {
    core::Apply(state, run, *started);
    core::Apply(state, run, *ended);
  }
}
BENCHMARK(FoldOneMigration)->Arg(100)->Arg(1000)->Arg(10000);

}  // namespace
}  // namespace migrationd::bench

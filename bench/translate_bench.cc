#include <benchmark/benchmark.h>

#include "bench/samples.h"
#include "daemon/core/plan.h"
#include "daemon/rpc/translate.h"

namespace migrationd::bench {
namespace {

namespace api = telec::migrate::v1;

/// From the domain's event to the bytes on the wire.
void Translate(benchmark::State& bench, const core::Event& event) {
  api::RunResponse response;
  std::string wire;
  for (auto _ : bench) {
    response.Clear();
    response.set_run_id(SampleRun().text);
    rpc::ToApi(event, *response.mutable_event());
    response.SerializeToString(&wire);
    benchmark::DoNotOptimize(wire);
  }
  bench.SetBytesProcessed(bench.iterations() * static_cast<std::int64_t>(wire.size()));
}

void TranslateStart(benchmark::State& bench) { Translate(bench, *MakeRun(MakeCatalogue(1)).at(1)); }
BENCHMARK(TranslateStart);

void TranslateEnd(benchmark::State& bench) { Translate(bench, *MakeRun(MakeCatalogue(1)).at(2)); }
BENCHMARK(TranslateEnd);

void TranslateOutput(benchmark::State& bench) {
  const std::size_t bytes = std::size_t{64} << 10U;
  Translate(bench, core::Event{7, core::WallTime(0),
                               core::OutputWritten{"1.0.0/001_x.py", core::OutputStream::kStdout,
                                                   MakeText(bytes, true)}});
}
BENCHMARK(TranslateOutput)->Unit(benchmark::kMicrosecond);

void TranslatePlan(benchmark::State& bench) {
  const auto catalogue = std::make_shared<const core::Catalogue>(
      MakeCatalogue(static_cast<std::size_t>(bench.range(0))));
  const auto plan =
      core::MakePlan(catalogue, core::State{}, core::Version::Zero(), core::PlanRequest{},
                     [](std::string_view manifest) { return std::string(manifest.substr(0, 64)); });
  std::string wire;
  for (auto _ : bench) {
    api::PlanResponse response;
    rpc::ToApi(*plan, *response.mutable_plan());
    response.SerializeToString(&wire);
    benchmark::DoNotOptimize(wire);
  }
}
BENCHMARK(TranslatePlan)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace migrationd::bench

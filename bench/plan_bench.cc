#include <benchmark/benchmark.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "bench/samples.h"
#include "daemon/core/plan.h"

namespace migrationd::bench {
namespace {

/// The digest is the store's work, measured there.
std::string NoDigest(std::string_view manifest) { return std::to_string(manifest.size()); }

using Catalogue = std::shared_ptr<const core::Catalogue>;

Catalogue CatalogueOf(const benchmark::State& bench) {
  return std::make_shared<const core::Catalogue>(
      MakeCatalogue(static_cast<std::size_t>(bench.range(0))));
}

void Plan(benchmark::State& bench, const Catalogue& catalogue, const core::State& state) {
  for (auto _ : bench) {
    benchmark::DoNotOptimize(
        core::MakePlan(catalogue, state, core::Version::Zero(), core::PlanRequest{}, NoDigest));
  }
  bench.SetItemsProcessed(bench.iterations() *
                          static_cast<std::int64_t>(catalogue->migrations.size()));
}

void PlanAllPending(benchmark::State& bench) {
  const Catalogue catalogue = CatalogueOf(bench);
  Plan(bench, catalogue, core::State{});
}
BENCHMARK(PlanAllPending)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond);

void PlanAllRecorded(benchmark::State& bench) {
  const Catalogue catalogue = CatalogueOf(bench);
  Plan(bench, catalogue, MakeState(*catalogue));
}
BENCHMARK(PlanAllRecorded)->Arg(1000)->Arg(10000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace migrationd::bench

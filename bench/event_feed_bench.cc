#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <span>

#include "bench/samples.h"
#include "daemon/core/event_feed.h"

namespace migrationd::bench {
namespace {

constexpr std::size_t kWindowBytes = std::size_t{4} << 20U;
constexpr std::size_t kPageBytes = std::size_t{256} << 10U;

/// One event in, with that many readers waiting for it; each reads it and waits again.
void AppendAndRead(benchmark::State& bench) {
  const auto readers = static_cast<std::size_t>(bench.range(0));
  const auto events = MakeRun(MakeCatalogue(10000));
  std::optional<core::EventFeed> feed(kWindowBytes);
  std::size_t next = 0;
  std::uint64_t awake = 0;
  for (auto _ : bench) {
    if (next == events.size()) {
      bench.PauseTiming();
      feed.emplace(kWindowBytes);
      next = 0;
      bench.ResumeTiming();
    }
    const std::uint64_t before = next;
    for (std::size_t i = 0; i < readers; ++i) feed->Wait(before, [&awake] { ++awake; });
    feed->Append(std::span(&events[next], 1));
    ++next;
    for (std::size_t i = 0; i < readers; ++i) {
      benchmark::DoNotOptimize(feed->ReadAfter(before, kPageBytes));
    }
  }
  benchmark::DoNotOptimize(awake);
}
BENCHMARK(AppendAndRead)->Arg(0)->Arg(1)->Arg(100);

/// A reader that catches up, page by page.
void ReadAll(benchmark::State& bench) {
  const auto events = MakeRun(MakeCatalogue(1000));
  core::EventFeed feed(kWindowBytes);
  feed.Append(events);
  for (auto _ : bench) {
    std::uint64_t position = 0;
    while (position < events.size()) {
      position = feed.ReadAfter(position, kPageBytes).events.back()->sequence;
    }
  }
  bench.SetItemsProcessed(bench.iterations() * static_cast<std::int64_t>(events.size()));
}
BENCHMARK(ReadAll)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace migrationd::bench

#include <benchmark/benchmark.h>

#include <array>
#include <string_view>

#include "daemon/core/version.h"

namespace {

using migrationd::core::Version;

constexpr std::array<std::string_view, 4> kSpellings = {
    "1.4.0",
    "v1.4.0",
    "1.4.0rc1",
    "1!2024.11.3-alpha_2.post4.dev5+ubuntu.1.local-7",
};

void ParseVersion(benchmark::State& state) {
  const std::string_view text = kSpellings.at(static_cast<std::size_t>(state.range(0)));
  state.SetLabel(std::string(text));
  for (auto _ : state) benchmark::DoNotOptimize(Version::Parse(text));
}
BENCHMARK(ParseVersion)->DenseRange(0, kSpellings.size() - 1);

void PrintVersion(benchmark::State& state) {
  const auto version = Version::Parse("1.4.0rc1");
  for (auto _ : state) benchmark::DoNotOptimize(version->Canonical());
}
BENCHMARK(PrintVersion);

/// Two neighbours: they differ as late as versions do.
void CompareVersions(benchmark::State& state) {
  const auto one = Version::Parse("1.4.12");
  const auto other = Version::Parse("1.4.13");
  for (auto _ : state) benchmark::DoNotOptimize(*one < *other);
}
BENCHMARK(CompareVersions);

void CompareVersionsWithAllParts(benchmark::State& state) {
  const auto one = Version::Parse("1!2024.11.3a2.post4.dev5+ubuntu.1.local.7");
  const auto other = Version::Parse("1!2024.11.3a2.post4.dev5+ubuntu.1.local.8");
  for (auto _ : state) benchmark::DoNotOptimize(*one < *other);
}
BENCHMARK(CompareVersionsWithAllParts);

}  // namespace

// Kills a real migrationd, its worker and its scripts at random instants, starts it again, and
// demands that nothing which was acknowledged is lost, nothing whose effect is there is run again,
// no two scripts are ever at work at the same time, and nobody is needed to repair anything.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>

#include "tests/crash/campaign.h"
#include "tests/crash/process_tree.h"

namespace migrationd::crash {
namespace {

std::string Percentile(std::vector<std::chrono::microseconds> times, std::size_t percent) {
  if (times.empty()) return "unknown";
  std::sort(times.begin(), times.end());
  const std::size_t index = std::min(times.size() - 1, times.size() * percent / 100);
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(times[index].count()) / 1000);
  return text;
}

void Complain(const char* what, const std::vector<std::string>& complaints) {
  for (const std::string& complaint : complaints) std::printf("%s: %s\n", what, complaint.c_str());
}

int Report(const CampaignOptions& options, Tally& tally) {
  Complain("LOST", tally.lost);
  Complain("RUN AGAIN", tally.again);
  Complain("OVERLAPPING", tally.overlapping);
  Complain("REPAIR", tally.repairs);
  std::printf(
      "killed: %lu times the daemon alone, %lu times its whole tree, %lu times the worker or "
      "a process of a script; %lu deployments, %lu events shown, %lu calls of migrate()\n",
      tally.kills[Victim::kDaemon], tally.kills[Victim::kTree], tally.kills[Victim::kHelper],
      tally.deployments, tally.shown, tally.executions);
  std::printf(
      "%lu kills (seed %lu): %zu acknowledged records lost, %zu run again, %zu overlapping, "
      "%zu repairs; restart to ready with %lu recorded p50 %s, p99 %s, of %zu restarts\n",
      tally.AllKills(), options.seed, tally.lost.size(), tally.again.size(),
      tally.overlapping.size(), tally.repairs.size(), options.recorded,
      Percentile(tally.ready, 50).c_str(), Percentile(tally.ready, 99).c_str(), tally.ready.size());
  if (tally.IsClean()) return 0;
  std::printf("to try it again: crash_test --kills %lu --seed %lu --recorded %lu\n", options.kills,
              options.seed, options.recorded);
  return 1;
}

int Main(int argc, char** argv) {
  CampaignOptions options;
  CLI::App app("Kills migrationd at random instants, and looks whether anything is lost");
  app.add_option("--kills", options.kills, "How many")->capture_default_str();
  app.add_option("--seed", options.seed, "Of everything random")->capture_default_str();
  app.add_option("--recorded", options.recorded, "Migrations that are recorded before")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("seed %lu\n", options.seed);
  BecomeSubreaper();
  try {
    Tally tally = Campaign(options).Run();
    return Report(options, tally);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "crash_test: %s\n", error.what());
    return 2;
  }
}

}  // namespace
}  // namespace migrationd::crash

int main(int argc, char** argv) { return migrationd::crash::Main(argc, argv); }

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/crash/assassin.h"
#include "tests/crash/daemon_life.h"
#include "tests/crash/site.h"
#include "tests/crash/witness.h"

namespace migrationd::crash {

struct CampaignOptions {
  std::uint64_t kills = 300;
  std::uint64_t seed = 1;
  std::uint64_t recorded = 0;     ///< Migrations that each state has before.
  std::uint64_t migrations = 16;  ///< Of each deployment.
};

/// What a campaign saw. Each complaint is a sentence.
struct Tally {
  std::map<Victim, std::uint64_t> kills;
  std::uint64_t deployments = 0;
  std::uint64_t shown = 0;       ///< Events.
  std::uint64_t executions = 0;  ///< Calls of migrate().
  std::vector<std::string> lost;
  std::vector<std::string> again;
  std::vector<std::string> overlapping;
  std::vector<std::string> repairs;  ///< What would have needed a person, and lives that hung.
  std::vector<std::chrono::microseconds> ready;  ///< From a start after a kill until ready.

  [[nodiscard]] std::uint64_t AllKills() const;
  [[nodiscard]] bool IsClean() const;
};

/// Deploys again and again, and kills meanwhile, until enough have been killed. A deployment is a
/// fresh site; it ends when all its migrations are applied, whatever has been killed on the way.
class Campaign {
 public:
  explicit Campaign(const CampaignOptions& options) : options_(options), dice_(options.seed) {}

  /// Ends early when there is something to complain about; the site is left then, and named.
  Tally Run();

 private:
  enum class Progress {
    kDone,      ///< All is applied.
    kLifeOver,  ///< The daemon is gone.
    kAgain,     ///< The run ended early; the daemon lives.
  };

  void Deploy();
  Progress Live(Site& site, Witness& witness);
  Progress Work(telec::Service& service, Witness& witness, Assassin& assassin);
  void Inspect(Site& site, Witness& witness);
  void DemandAllRecorded(telec::Service& service, std::size_t migrations);
  bool IsReadyToServe(telec::Service& service, const Witness& witness);
  void Count(const Assassin::Deed& deed);

  CampaignOptions options_;
  Dice dice_;
  Tally tally_;
  std::string request_id_;  ///< Of the run that is wanted; empty: it needs a new one.
  bool was_killed_ = false;
};

}  // namespace migrationd::crash

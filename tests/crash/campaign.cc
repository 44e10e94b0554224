#include "tests/crash/campaign.h"

#include <sys/wait.h>

#include <iterator>

#include "client/uuid.h"
#include "tests/crash/journal.h"
#include "tests/crash/process_tree.h"

namespace migrationd::crash {
namespace {

namespace api = telec::api;

void Take(std::vector<std::string>& to, const std::vector<std::string>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::uint64_t Tally::AllKills() const {
  std::uint64_t all = 0;
  for (const auto& [victim, count] : kills) all += count;
  return all;
}

bool Tally::IsClean() const {
  return lost.empty() && again.empty() && overlapping.empty() && repairs.empty();
}

Tally Campaign::Run() {
  while (tally_.IsClean() && tally_.AllKills() < options_.kills) Deploy();
  return std::move(tally_);
}

void Campaign::Deploy() {
  Site site;
  Witness witness;
  site.AddCrashScripts(options_.migrations, dice_);
  if (options_.recorded > 0) site.RecordOthers(options_.recorded);
  request_id_.clear();
  was_killed_ = false;
  while (tally_.IsClean() && Live(site, witness) != Progress::kDone) {
  }
  Inspect(site, witness);
  KillAllBelow();
  ReapEnded();
  ++tally_.deployments;
  if (!tally_.IsClean()) {
    site.Keep();
    tally_.repairs.push_back("what is left of it is in '" + site.path() + "'");
  }
}

/// One life of the daemon, which ends by a kill unless all is applied first.
Campaign::Progress Campaign::Live(Site& site, Witness& witness) {
  DaemonLife life(site);
  Assassin assassin(life, KillPlan::Roll(dice_));
  const auto ready = life.AwaitReady();
  Progress progress = Progress::kLifeOver;
  if (ready) {
    if (was_killed_) tally_.ready.push_back(*ready);
    const auto service = life.Connect();
    if (service && IsReadyToServe(*service, witness) && witness.Compare(*service, false)) {
      do {
        progress = Work(*service, witness, assassin);
      } while (progress == Progress::kAgain && tally_.IsClean());
    }
  }
  const Assassin::Deed deed = assassin.Dismiss();
  Count(deed);
  if (progress == Progress::kDone) return progress;
  const bool murdered = deed.hit == Victim::kDaemon || deed.hit == Victim::kTree || deed.hung;
  if (!murdered && tally_.IsClean()) {
    tally_.repairs.push_back(ready ? "contact was lost though nothing had been killed"
                                   : "the daemon refused to start");
  }
  return Progress::kLifeOver;
}

bool Campaign::IsReadyToServe(telec::Service& service, const Witness& witness) {
  const auto answer = service.Status();
  if (!answer) return false;
  const api::HostStatus& status = answer->status();
  if (!status.serving()) {
    tally_.repairs.push_back("it started, and would run nothing: " +
                             (status.problems_size() > 0 ? status.problems(0) : "no reason given"));
  }
  if (status.recorded() < options_.recorded + witness.applied().size()) {
    tally_.lost.push_back("only " + std::to_string(status.recorded()) +
                          " migrations are recorded, " + std::to_string(options_.recorded) +
                          " were from the beginning and " +
                          std::to_string(witness.applied().size()) + " were shown as applied");
  }
  return true;
}

Campaign::Progress Campaign::Work(telec::Service& service, Witness& witness, Assassin& assassin) {
  // Half of the time the client knows what it had asked for before the contact was lost.
  if (request_id_.empty() || dice_.Chance(50)) request_id_ = telec::NewUuid();
  api::RunRequest request;
  request.set_request_id(request_id_);
  const auto stream = service.Run(request);
  api::RunOutcome outcome = api::RUN_OUTCOME_UNSPECIFIED;
  while (const auto* response = stream->Next()) {
    witness.Saw(request_id_, *response);
    if (response->event().has_run_ended()) outcome = response->event().run_ended().outcome();
    assassin.OnEvent();
  }
  const auto error = stream->End();
  if (outcome != api::RUN_OUTCOME_UNSPECIFIED) {
    request_id_.clear();
    if (outcome == api::RUN_OUTCOME_SUCCEEDED) return Progress::kDone;
    // A run of an earlier life, or one whose helper was killed, ends early. Others must not.
    const bool excused = outcome == api::RUN_OUTCOME_INTERRUPTED || assassin.deed().hit;
    if (!excused) tally_.repairs.push_back("a run failed though nothing had been killed");
    return Progress::kAgain;
  }
  if (!error || error->reason.empty()) return Progress::kLifeOver;
  request_id_.clear();
  if (!assassin.deed().hit) tally_.repairs.push_back("a run was refused: " + error->message);
  return Progress::kAgain;
}

void Campaign::DemandAllRecorded(telec::Service& service, std::size_t migrations) {
  const auto answer = service.Status();
  const std::uint64_t recorded = answer ? answer->status().recorded() : 0;
  if (recorded != options_.recorded + migrations) {
    tally_.lost.push_back("in the end " + std::to_string(recorded) +
                          " migrations are recorded, not " +
                          std::to_string(options_.recorded + migrations));
  }
}

/// The end of a deployment: a life in which nothing is killed must have it all.
void Campaign::Inspect(Site& site, Witness& witness) {
  if (tally_.IsClean()) {
    DaemonLife life(site);
    const auto ready = life.AwaitReady();
    const auto service = ready ? life.Connect() : nullptr;
    if (!service || !IsReadyToServe(*service, witness) || !witness.Compare(*service, true)) {
      tally_.repairs.push_back("the last life did not answer");
    }
    if (ready && was_killed_) tally_.ready.push_back(*ready);
    if (service) DemandAllRecorded(*service, site.ids().size());
    for (const std::string& id : site.WithoutMark()) {
      tally_.lost.push_back(id + " is said to be applied, and has left no mark");
    }
    life.Terminate();
    if (const int status = life.AwaitEnd(); !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      tally_.repairs.push_back("it did not stop cleanly: wait status " + std::to_string(status));
    }
  }
  const JournalVerdict verdict = Judge(ReadWhole(site.journal()));
  Take(tally_.again, verdict.again);
  Take(tally_.again, witness.again());
  Take(tally_.overlapping, verdict.overlapping);
  Take(tally_.lost, witness.lost());
  tally_.executions += verdict.executions;
  tally_.shown += witness.shown();
}

void Campaign::Count(const Assassin::Deed& deed) {
  if (deed.hung) tally_.repairs.emplace_back("nothing happened for two minutes");
  was_killed_ = deed.hit.has_value();
  if (deed.hit) ++tally_.kills[*deed.hit];
}

}  // namespace migrationd::crash

#include "tests/storage/faults/narrator.h"

#include <algorithm>
#include <utility>

namespace migrationd::storage {
namespace {

StoreOptions OptionsFor(const std::string& state_file) {
  StoreOptions options;
  options.piece_bytes = 512;  // So that there are faults between the pieces of a state file, too.
  options.state_file = state_file;
  options.reserve_bytes = 4096;
  options.limits.max_runs = 2;
  return options;
}

core::Fact RunStart() {
  core::RunStarted fact;
  fact.request_id = "5d0b5c1e-9f0a-4a51-a0ce-3f86f0a1e2b4";
  fact.by = {1000, 4242, "mara"};
  fact.from_version = "1.0";
  fact.to_version = "1.1";
  return fact;
}

core::Fact RunEnd() {
  core::RunEnded fact;
  fact.current_version = "1.1";
  return fact;
}

std::string MigrationAt(const Ledger::Run& run) {
  return "1.1/" + std::to_string(100 + run.told.size()) + "_step.py";
}

std::string MigrationInFlight(const Ledger::Run& run) {
  for (auto event = run.told.rbegin(); event != run.told.rend(); ++event) {
    if (const auto* start = std::get_if<core::MigrationStarted>(&(*event)->fact)) {
      return start->migration_id;
    }
  }
  return "1.1/000_none.py";
}

core::Fact MigrationEnd(const Ledger::Run& run) {
  core::MigrationEnded fact;
  fact.migration_id = MigrationInFlight(run);
  fact.sha256 = std::string(64, 'a');
  fact.duration = std::chrono::microseconds{4711};
  return fact;
}

void Tell(Ledger::Run& run, std::vector<core::Fact> facts) {
  for (core::Fact& fact : facts) {
    core::Event event;
    event.sequence = run.told.size() + 1;
    event.time = core::WallTime{static_cast<std::int64_t>(run.id.number * 1000 + event.sequence)};
    event.fact = std::move(fact);
    run.told.push_back(std::make_shared<core::Event>(std::move(event)));
  }
}

bool GoesOn(const Ledger::Run& run) {
  return run.stored == run.told.size() && !core::IsTerminal(run.told.back()->fact);
}

}  // namespace

std::string_view NameOf(Step step) {
  switch (step) {
    case Step::kOpen:
      return "Open";
    case Step::kCheckRoom:
      return "CheckRoom";
    case Step::kBegin:
    case Step::kBaseline:
      return "Begin";
    case Step::kPrint:
      return "Append (output)";
    case Step::kNext:
    case Step::kEnd:
      return "Append (durable)";
    case Step::kCheckpoint:
      return "Checkpoint";
    case Step::kPrune:
      return "Prune";
  }
  return "";
}

Narrator::Narrator(Files& files, Ledger& ledger, const std::string& state_file)
    : ledger_(ledger), store_(OptionsFor(state_file), files) {}

Ledger::Run* Narrator::Current() {
  if (ledger_.runs().empty() || !GoesOn(ledger_.runs().back())) return nullptr;
  return &ledger_.runs().back();
}

core::Status Narrator::Open() {
  const core::Result<core::StoredState> found = store_.Open();
  if (!found.ok()) return found.error();
  core::Status kept = ledger_.Settle(store_, *found, power_went_);
  if (kept.ok()) power_went_ = false;
  return kept;
}

core::Status Narrator::Begin(std::vector<core::Fact> facts) {
  std::vector<Ledger::Run>& runs = ledger_.runs();
  Ledger::Run run;
  const std::uint64_t number = runs.empty() ? 1 : runs.back().id.number + 1;
  run.id = core::MakeRunId(number, static_cast<std::uint32_t>(number * 2654435761U));
  Tell(run, std::move(facts));
  runs.push_back(run);
  core::Status status = store_.Begin(run.id, runs.back().told);
  if (status.ok()) {
    runs.back().begun = true;
    runs.back().stored = runs.back().durable = runs.back().told.size();
  } else if (store_.Append({}, false).error().reason == core::Reason::kInternal) {
    // It was refused, and the store goes on ("no run goes on" is its answer): then no trace of it
    // may turn up again.
    runs.pop_back();
  }
  return status;
}

core::Status Narrator::Append(std::vector<core::Fact> facts, bool durable) {
  Ledger::Run* run = Current();
  const std::size_t before = run->told.size();
  Tell(*run, std::move(facts));
  const std::span<const core::EventPtr> news = std::span(run->told).subspan(before);
  core::Status status = store_.Append(news, durable);
  if (status.ok()) {
    run->stored = run->told.size();
    if (durable) run->durable = run->stored;
  }
  return status;
}

core::Status Narrator::Do(Step step) {
  const Ledger::Run* run = Current();
  switch (step) {
    case Step::kOpen:
      return Open();
    case Step::kCheckRoom:
      return store_.CheckRoom();
    case Step::kBegin:
      if (run != nullptr) return core::Ok();
      return Begin({RunStart(), core::MigrationStarted{"1.1/100_first.py", "", "", 1}});
    case Step::kBaseline:
      if (run != nullptr) return core::Ok();
      return Begin({RunStart(), core::BaselineSet{"2.0", "restored"}, RunEnd()});
    case Step::kPrint: {
      if (run == nullptr) return core::Ok();
      const std::string text(run->told.size() * 97 % 1500, 'x');
      return Append(
          {core::OutputWritten{MigrationInFlight(*run), core::OutputStream::kStdout, text}}, false);
    }
    case Step::kNext:
      if (run == nullptr) return core::Ok();
      return Append({MigrationEnd(*run), core::MigrationStarted{MigrationAt(*run), "", "", 2}},
                    true);
    case Step::kEnd:
      if (run == nullptr) return core::Ok();
      return Append({MigrationEnd(*run), RunEnd()}, true);
    case Step::kCheckpoint: {
      core::Status status = store_.Checkpoint(ledger_.Acknowledged());
      // The position in it vouches for everything before.
      if (Ledger::Run* vouched = Current(); status.ok() && vouched)
        vouched->durable = vouched->stored;
      return status;
    }
    case Step::kPrune:
      for (Ledger::Run& pruned : ledger_.runs()) pruned.may_be_pruned = true;
      store_.Prune(core::WallTime{0});
      return core::Ok();
  }
  return core::Ok();
}

core::Status Narrator::LiveOn() {
  for (const Step step : {Step::kOpen, Step::kEnd, Step::kCheckpoint, Step::kOpen, Step::kCheckRoom,
                          Step::kBegin, Step::kPrint, Step::kNext, Step::kOpen}) {
    if (core::Status status = Do(step); !status.ok()) return status;
  }
  return core::Ok();
}

const std::vector<Step>& LongStory() {
  static const std::vector<Step> kStory{
      Step::kOpen,       Step::kCheckRoom, Step::kBegin,     Step::kPrint,      Step::kNext,
      Step::kCheckpoint, Step::kPrint,     Step::kPrint,     Step::kNext,       Step::kEnd,
      Step::kCheckpoint, Step::kPrune,     Step::kCheckRoom, Step::kBaseline,   Step::kCheckpoint,
      Step::kPrune,      Step::kBegin,     Step::kEnd,       Step::kCheckpoint, Step::kBaseline,
      Step::kCheckpoint, Step::kPrune,     Step::kCheckRoom, Step::kBegin,      Step::kPrint,
      Step::kNext,       Step::kPrint};
  return kStory;
}

const std::vector<Step>& ShortStory() {
  static const std::vector<Step> kStory{
      Step::kOpen,     Step::kCheckRoom,  Step::kBegin, Step::kPrint,
      Step::kNext,     Step::kCheckpoint, Step::kEnd,   Step::kCheckpoint,
      Step::kBaseline, Step::kCheckpoint, Step::kBegin, Step::kEnd,
      Step::kPrune,    Step::kBegin,      Step::kPrint, Step::kNext};
  return kStory;
}

}  // namespace migrationd::storage

#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/event.h"
#include "daemon/core/state.h"

namespace migrationd::storage {

/// The events of one run, numbered as they are told.
class Chronicle {
 public:
  explicit Chronicle(std::uint64_t number, std::uint32_t salt = 0x5eed)
      : run_(core::MakeRunId(number, salt)) {}

  const core::RunId& run() const { return run_; }
  const std::vector<core::EventPtr>& events() const { return events_; }

  core::EventPtr Tell(core::Fact fact) {
    auto event = std::make_shared<core::Event>();
    event->sequence = events_.size() + 1;
    // Years apart from 1970, a different microsecond for each event.
    event->time =
        core::WallTime{1'900'000'000'000'000 +
                       static_cast<std::int64_t>(run_.number * 1'000'000 + event->sequence)};
    event->fact = std::move(fact);
    events_.push_back(event);
    return events_.back();
  }

  core::EventPtr Start(std::uint64_t total = 1, std::string request_id = "") {
    core::RunStarted fact;
    fact.request_id = std::move(request_id);
    fact.fingerprint = "fingerprint";
    fact.by = {1000, 4242, "mara"};
    fact.from_version = "1.0.0";
    fact.to_version = "1.1.0";
    fact.plan_digest = "digest";
    fact.total = total;
    return Tell(fact);
  }
  core::EventPtr StartMigration(const std::string& id) {
    return Tell(core::MigrationStarted{id, "5ha", "Does a thing", 1});
  }
  core::EventPtr Print(const std::string& id, std::string text) {
    return Tell(core::OutputWritten{id, core::OutputStream::kStdout, std::move(text)});
  }
  core::EventPtr EndMigration(const std::string& id,
                              core::Outcome outcome = core::Outcome::kApplied) {
    core::MigrationEnded fact;
    fact.migration_id = id;
    fact.outcome = outcome;
    fact.sha256 = "5ha";
    fact.duration = std::chrono::microseconds{1234};
    if (outcome == core::Outcome::kFailed) {
      fact.failure = core::Failure{
          core::Phase::kMigrate, "it raised ValueError", "ValueError", "Traceback …\n", 1,
          std::nullopt,          "the last words\n"};
    }
    return Tell(fact);
  }
  core::EventPtr End(std::uint64_t applied = 1) {
    core::RunEnded fact;
    fact.current_version = "1.1.0";
    fact.applied = applied;
    return Tell(fact);
  }

 private:
  core::RunId run_;
  std::vector<core::EventPtr> events_;
};

inline core::State FoldOf(const Chronicle& chronicle, core::State state = {}) {
  for (const core::EventPtr& event : chronicle.events())
    core::Apply(state, chronicle.run(), *event);
  return state;
}

}  // namespace migrationd::storage

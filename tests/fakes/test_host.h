#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/engine.h"
#include "tests/fakes/fake_catalogue.h"
#include "tests/fakes/fake_executor.h"
#include "tests/fakes/fake_runner.h"
#include "tests/fakes/fake_survivors.h"
#include "tests/fakes/manual_clock.h"
#include "tests/fakes/memory_store.h"

namespace migrationd::fakes {

/// Who asks, when it does not matter.
core::Requester Mara();

// What a plan is asked for.
core::PlanRequest From(const std::string& version);
core::PlanRequest UpTo(const std::string& version);
core::PlanRequest Between(const std::string& from, const std::string& to);
core::PlanRequest OutOfOrder();
core::PlanRequest Recheck();
core::PlanRequest Probe();

/// A host that has nothing real but the engine. The questions run the loop until they are answered;
/// a run goes on for as long as no script hangs. One thread only.
class TestHost {
 public:
  TestHost();

  FakeExecutor executor;
  ManualClock clock;
  FakeCatalogue catalogue;
  FakeRunner runner{executor};
  MemoryStore store;
  FakeSurvivors survivors;
  core::EngineOptions options;
  /// What an observer was told, in order: the operator's log, say.
  std::vector<std::pair<core::RunId, core::Event>> observed;

  /// The daemon starts.
  core::Status Start();
  /// The daemon, its scripts and everything that it had not made durable are gone.
  void Crash();
  core::Engine& engine() { return *engine_; }

  core::Result<core::Plan> Plan(const core::PlanRequest& request = {});
  core::StatusReport Status();
  core::Result<core::RunId> Run(const core::RunRequest& request = {});
  core::Result<core::RunId> Resolve(const std::string& id, core::Resolution as,
                                    const std::string& reason = "because");
  core::Result<core::RunId> Baseline(const std::string& version);

  std::vector<core::EventPtr> EventsOf(const core::RunId& run) { return store.EventsOf(run); }
  /// The state as a daemon that starts now would find it.
  core::State StateOnDisk();
  /// How each migration ended, "1.1.0/001_a.py applied", and the run: "run succeeded".
  std::vector<std::string> StoryOf(const core::RunId& run);

 private:
  std::unique_ptr<core::Engine> engine_;
};

/// The only fact of its kind in `events`; fails the test when there is none.
template <typename Fact>
Fact TheFact(const std::vector<core::EventPtr>& events) {
  std::optional<Fact> found;
  for (const core::EventPtr& event : events) {
    if (const auto* fact = std::get_if<Fact>(&event->fact)) {
      EXPECT_FALSE(found) << "more than one";
      found = *fact;
    }
  }
  EXPECT_TRUE(found) << "none";
  return found.value_or(Fact{});
}

template <typename Fact>
std::size_t CountOf(const std::vector<core::EventPtr>& events) {
  std::size_t count = 0;
  for (const core::EventPtr& event : events)
    count += std::holds_alternative<Fact>(event->fact) ? 1U : 0U;
  return count;
}

}  // namespace migrationd::fakes

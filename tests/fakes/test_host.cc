#include "tests/fakes/test_host.h"

#include <stdexcept>

namespace migrationd::fakes {
namespace {

/// The answer, once the loop has come to rest.
template <typename T>
core::Result<T> Answered(const std::optional<core::Result<T>>& answer) {
  if (!answer) throw std::logic_error("the engine did not answer");
  return *answer;
}

}  // namespace

core::PlanRequest From(const std::string& version) {
  core::PlanRequest request;
  request.from = version;
  return request;
}

core::PlanRequest UpTo(const std::string& version) {
  core::PlanRequest request;
  request.to = version;
  return request;
}

core::PlanRequest Between(const std::string& from, const std::string& to) {
  core::PlanRequest request = From(from);
  request.to = to;
  return request;
}

core::PlanRequest OutOfOrder() {
  core::PlanRequest request;
  request.out_of_order = true;
  return request;
}

core::PlanRequest Recheck() {
  core::PlanRequest request;
  request.recheck = true;
  return request;
}

core::PlanRequest Probe() {
  core::PlanRequest request;
  request.probe = true;
  return request;
}

core::Requester Mara() { return {1000, 4242, "mara"}; }

TestHost::TestHost() {
  options.daemon_version = "0.1.0";
  options.migrations_directory = FakeCatalogue::kRoot;
  options.state_file = "/state/migration_state.json";
}

core::Status TestHost::Start() {
  engine_ = std::make_unique<core::Engine>(
      core::Engine::Ports{catalogue, runner, store, survivors, clock, executor}, options);
  engine_->Observe([this](const core::RunId& run, const core::Event& event) {
    observed.emplace_back(run, event);
  });
  std::optional<core::Status> opened;
  engine_->Open([&opened](const core::Status& status) { opened = status; });
  executor.RunPosted();
  return Answered(opened);
}

void TestHost::Crash() {
  executor.Crash();
  runner.Crash();
  engine_.reset();
  store.Crash();
}

core::Result<core::Plan> TestHost::Plan(const core::PlanRequest& request) {
  std::optional<core::Result<core::Plan>> answer;
  engine_->Plan(request, [&answer](core::Result<core::Plan> plan) { answer = std::move(plan); });
  executor.RunPosted();
  return Answered(answer);
}

core::StatusReport TestHost::Status() {
  std::optional<core::Result<core::StatusReport>> answer;
  engine_->GetStatus(
      [&answer](core::Result<core::StatusReport> report) { answer = std::move(report); });
  executor.RunPosted();
  return *Answered(answer);
}

core::Result<core::RunId> TestHost::Run(const core::RunRequest& request) {
  std::optional<core::Result<core::Subscription>> answer;
  engine_->Run(request, Mara(),
               [&answer](core::Result<core::Subscription> run) { answer = std::move(run); });
  executor.RunPosted();
  const auto run = Answered(answer);
  if (!run) return run.error();
  return run->run;
}

core::Result<core::RunId> TestHost::Resolve(const std::string& id, core::Resolution as,
                                            const std::string& reason) {
  std::optional<core::Result<core::RunId>> answer;
  engine_->Resolve({"", id, as, reason}, Mara(),
                   [&answer](core::Result<core::RunId> run) { answer = std::move(run); });
  executor.RunPosted();
  return Answered(answer);
}

core::Result<core::RunId> TestHost::Baseline(const std::string& version) {
  std::optional<core::Result<core::RunId>> answer;
  engine_->Baseline({"", version, "a fresh installation"}, Mara(),
                    [&answer](core::Result<core::RunId> run) { answer = std::move(run); });
  executor.RunPosted();
  return Answered(answer);
}

core::State TestHost::StateOnDisk() {
  MemoryStore image = store;
  image.Crash();
  return image.Open()->state;
}

std::vector<std::string> TestHost::StoryOf(const core::RunId& run) {
  std::vector<std::string> story;
  for (const core::EventPtr& event : store.EventsOf(run)) {
    if (const auto* ended = std::get_if<core::MigrationEnded>(&event->fact)) {
      story.push_back(ended->migration_id + " " + std::string(core::NameOf(ended->outcome)));
    } else if (const auto* checked = std::get_if<core::MigrationRechecked>(&event->fact)) {
      story.push_back(checked->migration_id +
                      (checked->effective ? " effective" : " not effective"));
    } else if (const auto* done = std::get_if<core::RunEnded>(&event->fact)) {
      story.push_back("run " + std::string(core::NameOf(done->outcome)));
    }
  }
  return story;
}

}  // namespace migrationd::fakes

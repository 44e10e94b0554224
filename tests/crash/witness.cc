#include "tests/crash/witness.h"

namespace migrationd::crash {
namespace {

namespace api = telec::api;

bool IsSettled(api::Outcome outcome) {
  return outcome == api::OUTCOME_APPLIED || outcome == api::OUTCOME_ALREADY_APPLIED ||
         outcome == api::OUTCOME_RECOVERED;
}

}  // namespace

void Witness::Saw(const std::string& request_id, const api::RunResponse& shown) {
  const std::string& id = shown.run_id();
  const api::Event& event = shown.event();
  const std::string place = "run " + id + ", event " + std::to_string(event.sequence());
  if (const auto [known, is_new] = run_of_request_.try_emplace(request_id, id);
      !is_new && known->second != id) {
    lost_.push_back("request " + request_id + " began run " + known->second + ", and then " + id);
  }
  ++shown_;
  Run& run = runs_[id];
  run.open = true;
  std::string bytes = event.SerializeAsString();
  if (event.sequence() <= run.events.size() && event.sequence() > 0) {
    if (run.events[event.sequence() - 1] != bytes) lost_.push_back(place + " changed");
    return;
  }
  if (event.sequence() != run.events.size() + 1) {
    lost_.push_back(place + " was shown after event " + std::to_string(run.events.size()));
    return;
  }
  run.events.push_back(std::move(bytes));
  if (event.has_migration_started() &&
      applied_.contains(event.migration_started().migration_id())) {
    again_.push_back(place + " starts " + event.migration_started().migration_id() +
                     ", which a client had seen as applied");
  }
  if (event.has_migration_ended() && IsSettled(event.migration_ended().outcome())) {
    applied_.insert(event.migration_ended().migration_id());
  }
}

bool Witness::Compare(telec::Service& service, bool everything) {
  for (auto& [id, run] : runs_) {
    if ((run.open || everything) && !CompareRun(service, id, run)) return false;
  }
  return CompareRecords(service);
}

bool Witness::CompareRun(telec::Service& service, const std::string& id, Run& run) {
  api::WatchRequest request;
  request.set_run_id(id);
  request.set_no_follow(true);
  const auto stream = service.Watch(request);
  std::uint64_t next = 0;
  while (const auto* response = stream->Next()) {
    const api::Event& event = response->event();
    const std::string place = "run " + id + ", event " + std::to_string(event.sequence());
    if (event.sequence() != ++next)
      lost_.push_back(place + " stands where " + std::to_string(next) + " belongs");
    if (next <= run.events.size() && run.events[next - 1] != event.SerializeAsString()) {
      lost_.push_back(place + " is not what was shown");
    }
  }
  if (const auto error = stream->End()) {
    if (error->reason.empty()) return false;
    lost_.push_back("run " + id + " cannot be watched: " + error->message);
  } else if (next < run.events.size()) {
    lost_.push_back("run " + id + " has " + std::to_string(next) + " events, " +
                    std::to_string(run.events.size()) + " were shown");
  }
  run.open = false;
  return true;
}

bool Witness::CompareRecords(telec::Service& service) {
  const auto answer = service.Plan(api::PlanRequest());
  if (!answer) {
    if (answer.error().reason.empty()) return false;
    lost_.push_back("nothing can be planned: " + answer.error().message);
    return true;
  }
  for (const api::PlannedMigration& planned : answer->plan().migrations()) {
    if (planned.action() != api::ACTION_RECORDED && applied_.contains(planned.migration_id())) {
      lost_.push_back(planned.migration_id() + " was shown as applied, and is not recorded");
    }
  }
  return true;
}

}  // namespace migrationd::crash

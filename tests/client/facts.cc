#include "tests/client/facts.h"

namespace telec::testing {

api::Event Started(std::uint64_t total, const std::string& from, const std::string& to) {
  api::Event event;
  api::RunStarted& fact = *event.mutable_run_started();
  fact.set_kind(api::RUN_KIND_RUN);
  fact.mutable_requester()->set_user("ann");
  fact.mutable_requester()->set_uid(1000);
  fact.set_from_version(from);
  fact.set_to_version(to);
  fact.set_total(total);
  return event;
}

api::Event MigrationStarted(const std::string& id, std::uint64_t position) {
  api::Event event;
  event.mutable_migration_started()->set_migration_id(id);
  event.mutable_migration_started()->set_position(position);
  return event;
}

api::Event Output(const std::string& id, const std::string& text) {
  api::Event event;
  event.mutable_output_written()->set_migration_id(id);
  event.mutable_output_written()->set_stream(api::OUTPUT_STREAM_STDOUT);
  event.mutable_output_written()->set_text(text);
  return event;
}

api::Event Progress(const std::string& id, double done, double total, const std::string& message) {
  api::Event event;
  event.mutable_progress_reported()->set_migration_id(id);
  event.mutable_progress_reported()->set_done(done);
  event.mutable_progress_reported()->set_total(total);
  event.mutable_progress_reported()->set_message(message);
  return event;
}

api::Event Ended(const std::string& id, api::Outcome outcome) {
  api::Event event;
  event.mutable_migration_ended()->set_migration_id(id);
  event.mutable_migration_ended()->set_outcome(outcome);
  event.mutable_migration_ended()->set_duration_us(12'300);
  return event;
}

api::Event Failed(const std::string& id) {
  api::Event event = Ended(id, api::OUTCOME_FAILED);
  api::Failure& failure = *event.mutable_migration_ended()->mutable_failure();
  failure.set_phase(api::PHASE_MIGRATE);
  failure.set_message("ValueError: no such colour");
  failure.set_exception_type("ValueError");
  failure.set_traceback(
      "Traceback (most recent call last):\n  File \"x.py\", line 7, in migrate\nValueError: no "
      "such colour\n");
  failure.set_last_output("reading\nhalf way\n");
  return event;
}

api::Event RunEnded(api::RunOutcome outcome, std::uint64_t applied, const std::string& version) {
  api::Event event;
  event.mutable_run_ended()->set_outcome(outcome);
  event.mutable_run_ended()->set_applied(applied);
  event.mutable_run_ended()->set_current_version(version);
  return event;
}

std::vector<api::Event> RunOf(const std::vector<std::string>& ids) {
  std::vector<api::Event> events = {Started(ids.size())};
  for (const std::string& id : ids) {
    events.push_back(MigrationStarted(id, (events.size() + 1) / 2));
    events.push_back(Ended(id));
  }
  events.push_back(RunEnded(api::RUN_OUTCOME_SUCCEEDED, ids.size()));
  return events;
}

api::Plan PlanOf(const std::vector<std::string>& ids) {
  api::Plan plan;
  plan.set_from_version("1.0.0");
  plan.set_current_version("1.0.0");
  plan.set_to_version("1.1.0");
  plan.set_digest("d1");
  plan.set_pending(ids.size());
  for (const std::string& id : ids) {
    api::PlannedMigration& migration = *plan.add_migrations();
    migration.set_migration_id(id);
    migration.set_description("Does " + id.substr(id.find('/') + 1));
    migration.set_action(api::ACTION_PENDING);
  }
  return plan;
}

}  // namespace telec::testing

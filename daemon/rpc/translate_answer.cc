#include "daemon/core/text.h"
#include "daemon/rpc/translate.h"

namespace migrationd::rpc {
namespace {

api::Action ActionOf(core::Action action) {
  switch (action) {
    case core::Action::kPending:
      return api::ACTION_PENDING;
    case core::Action::kRecorded:
      return api::ACTION_RECORDED;
    case core::Action::kRecheck:
      return api::ACTION_RECHECK;
    case core::Action::kOutOfOrder:
      return api::ACTION_OUT_OF_ORDER;
  }
  return api::ACTION_UNSPECIFIED;
}

api::ProbeResult ProbeOf(core::ProbeAnswer::Kind kind) {
  switch (kind) {
    case core::ProbeAnswer::Kind::kApplied:
      return api::PROBE_RESULT_APPLIED;
    case core::ProbeAnswer::Kind::kNotApplied:
      return api::PROBE_RESULT_NOT_APPLIED;
    case core::ProbeAnswer::Kind::kFailed:
      return api::PROBE_RESULT_FAILED;
  }
  return api::PROBE_RESULT_UNSPECIFIED;
}

void ToApi(const core::PlannedMigration& planned, api::PlannedMigration& out) {
  out.set_migration_id(planned.migration->id);
  out.set_description(planned.migration->description);
  out.set_action(ActionOf(planned.action));
  out.set_sha256(planned.migration->sha256);
  out.set_modified(planned.modified);
  out.set_out_of_order(planned.out_of_order);
  out.set_interrupted(planned.interrupted);
  if (!planned.probe) return;
  out.set_probe(ProbeOf(planned.probe->kind));
  out.set_probe_message(planned.probe->message);
}

}  // namespace

void ToApi(const core::Plan& plan, api::Plan& out) {
  out.set_from_version(plan.from.Canonical());
  out.set_to_version(plan.to.Canonical());
  out.set_current_version(plan.current.Canonical());
  for (const core::PlannedMigration& planned : plan.migrations)
    ToApi(planned, *out.add_migrations());
  for (const core::Finding& finding : plan.findings) {
    api::Finding& to = *out.add_findings();
    to.set_severity(finding.severity == core::Finding::Severity::kError ? api::SEVERITY_ERROR
                                                                        : api::SEVERITY_WARNING);
    to.set_subject(core::ToValidUtf8(finding.subject));
    to.set_message(core::ToValidUtf8(finding.message));
  }
  out.set_digest(plan.digest);
  out.set_pending(plan.CountOf(core::Action::kPending));
  for (const std::string& id : plan.missing) out.add_missing_migration_ids(id);
}

void ToApi(const core::RunSummary& summary, api::RunSummary& out) {
  out.set_run_id(summary.id.text);
  out.set_kind(ToApi(summary.kind));
  ToApi(summary.by, *out.mutable_requester());
  out.set_from_version(summary.from_version);
  out.set_to_version(summary.to_version);
  out.set_started_unix_us(summary.started_at.count());
  if (summary.ended_at) out.set_ended_unix_us(summary.ended_at->count());
  if (summary.outcome) out.set_outcome(ToApi(*summary.outcome));
  out.set_total(summary.total);
  out.set_applied(summary.applied);
  out.set_already_applied(summary.already_applied);
  out.set_current_version(summary.current_version);
  out.set_subject(summary.subject);
  out.set_message(summary.message);
  out.set_last_sequence(summary.last_sequence);
  out.set_request_id(summary.request_id);
}

void ToApi(const core::StatusReport& report, bool serving, api::HostStatus& out) {
  out.set_daemon_version(report.daemon_version);
  out.set_current_version(report.current.Canonical());
  if (report.latest) out.set_latest_version(report.latest->Canonical());
  out.set_recorded(report.recorded);
  out.set_pending(report.pending);
  out.set_out_of_order(report.out_of_order);
  if (report.current_run) ToApi(*report.current_run, *out.mutable_current_run());
  if (report.last_run) ToApi(*report.last_run, *out.mutable_last_run());
  if (report.failure) {
    api::OpenFailure& failure = *out.mutable_failure();
    failure.set_migration_id(report.failure->migration_id);
    failure.set_run_id(report.failure->run_id);
    failure.set_outcome(ToApi(report.failure->outcome));
    failure.set_time_unix_us(report.failure->at.count());
    ToApi(report.failure->failure, *failure.mutable_failure());
  }
  out.set_serving(serving && report.problems.empty());
  for (const std::string& problem : report.problems) out.add_problems(core::ToValidUtf8(problem));
  out.set_migrations_directory(core::ToValidUtf8(report.migrations_directory));
  out.set_state_file(core::ToValidUtf8(report.state_file));
  for (const std::string& id : report.interrupted) out.add_interrupted_migration_ids(id);
}

}  // namespace migrationd::rpc

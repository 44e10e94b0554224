#include <type_traits>
#include <variant>

#include "daemon/core/text.h"
#include "daemon/rpc/translate.h"

namespace migrationd::rpc {
namespace {

api::Phase PhaseOf(core::Phase phase) {
  switch (phase) {
    case core::Phase::kStart:
      return api::PHASE_START;
    case core::Phase::kLoad:
      return api::PHASE_LOAD;
    case core::Phase::kCheck:
      return api::PHASE_CHECK;
    case core::Phase::kMigrate:
      return api::PHASE_MIGRATE;
    case core::Phase::kVerify:
      return api::PHASE_VERIFY;
  }
  return api::PHASE_UNSPECIFIED;
}

api::Resolution ResolutionOf(core::Resolution resolution) {
  switch (resolution) {
    case core::Resolution::kApplied:
      return api::RESOLUTION_APPLIED;
    case core::Resolution::kSkipped:
      return api::RESOLUTION_SKIPPED;
    case core::Resolution::kPending:
      return api::RESOLUTION_PENDING;
  }
  return api::RESOLUTION_UNSPECIFIED;
}

/// One function for each fact.
struct FactToApi {
  api::Event& out;

  void operator()(const core::RunStarted& fact) const {
    api::RunStarted& to = *out.mutable_run_started();
    to.set_kind(ToApi(fact.kind));
    to.set_request_id(fact.request_id);
    ToApi(fact.by, *to.mutable_requester());
    to.set_from_version(fact.from_version);
    to.set_to_version(fact.to_version);
    to.set_plan_digest(fact.plan_digest);
    to.set_total(fact.total);
  }

  void operator()(const core::MigrationStarted& fact) const {
    api::MigrationStarted& to = *out.mutable_migration_started();
    to.set_migration_id(fact.migration_id);
    to.set_sha256(fact.sha256);
    to.set_description(fact.description);
    to.set_position(fact.position);
  }

  void operator()(const core::OutputWritten& fact) const {
    api::OutputWritten& to = *out.mutable_output_written();
    to.set_migration_id(fact.migration_id);
    to.set_stream(fact.stream == core::OutputStream::kStderr ? api::OUTPUT_STREAM_STDERR
                                                             : api::OUTPUT_STREAM_STDOUT);
    to.set_text(fact.text);
  }

  void operator()(const core::ProgressReported& fact) const {
    api::ProgressReported& to = *out.mutable_progress_reported();
    to.set_migration_id(fact.migration_id);
    to.set_done(fact.done);
    to.set_total(fact.total);
    to.set_message(fact.message);
  }

  void operator()(const core::MigrationEnded& fact) const {
    api::MigrationEnded& to = *out.mutable_migration_ended();
    to.set_migration_id(fact.migration_id);
    to.set_outcome(ToApi(fact.outcome));
    to.set_sha256(fact.sha256);
    to.set_duration_us(fact.duration.count());
    to.set_output_bytes(fact.output.bytes);
    to.set_output_dropped_bytes(fact.output.dropped);
    if (fact.failure) ToApi(*fact.failure, *to.mutable_failure());
  }

  void operator()(const core::MigrationRechecked& fact) const {
    api::MigrationRechecked& to = *out.mutable_migration_rechecked();
    to.set_migration_id(fact.migration_id);
    to.set_effective(fact.effective);
    if (fact.failure) ToApi(*fact.failure, *to.mutable_failure());
  }

  void operator()(const core::CancelRequested& fact) const {
    api::CancelRequested& to = *out.mutable_cancel_requested();
    to.set_mode(fact.mode == core::CancelMode::kNow ? api::CANCEL_MODE_NOW
                                                    : api::CANCEL_MODE_AFTER_CURRENT);
    ToApi(fact.by, *to.mutable_requester());
    to.set_shutdown(fact.shutdown);
  }

  void operator()(const core::NoticeGiven& fact) const {
    out.mutable_notice_given()->set_migration_id(fact.migration_id);
    out.mutable_notice_given()->set_message(core::ToValidUtf8(fact.message));
  }

  void operator()(const core::MigrationResolved& fact) const {
    api::MigrationResolved& to = *out.mutable_migration_resolved();
    to.set_migration_id(fact.migration_id);
    to.set_resolution(ResolutionOf(fact.resolution));
    to.set_reason(fact.reason);
    to.set_sha256(fact.sha256);
  }

  void operator()(const core::BaselineSet& fact) const {
    out.mutable_baseline_set()->set_version(fact.version);
    out.mutable_baseline_set()->set_reason(fact.reason);
  }

  void operator()(const core::RunEnded& fact) const {
    api::RunEnded& to = *out.mutable_run_ended();
    to.set_outcome(ToApi(fact.outcome));
    to.set_current_version(fact.current_version);
    to.set_applied(fact.applied);
    to.set_already_applied(fact.already_applied);
    to.set_message(core::ToValidUtf8(fact.message));
  }
};

}  // namespace

void ToApi(const core::Event& event, api::Event& out) {
  out.set_sequence(event.sequence);
  out.set_time_unix_us(event.time.count());
  std::visit(FactToApi{out}, event.fact);
}

void ToApi(const core::Failure& failure, api::Failure& out) {
  out.set_phase(PhaseOf(failure.phase));
  out.set_message(failure.message);
  out.set_exception_type(failure.exception_type);
  out.set_traceback(failure.traceback);
  if (failure.exit_code) out.set_exit_code(*failure.exit_code);
  if (failure.signal) out.set_signal(*failure.signal);
  out.set_last_output(failure.last_output);
}

void ToApi(const core::Requester& requester, api::Requester& out) {
  out.set_uid(requester.uid);
  out.set_pid(requester.pid);
  out.set_user(requester.user);
}

api::Outcome ToApi(core::Outcome outcome) {
  switch (outcome) {
    case core::Outcome::kApplied:
      return api::OUTCOME_APPLIED;
    case core::Outcome::kAlreadyApplied:
      return api::OUTCOME_ALREADY_APPLIED;
    case core::Outcome::kRecovered:
      return api::OUTCOME_RECOVERED;
    case core::Outcome::kSkipped:
      return api::OUTCOME_SKIPPED;
    case core::Outcome::kFailed:
      return api::OUTCOME_FAILED;
    case core::Outcome::kTimedOut:
      return api::OUTCOME_TIMED_OUT;
    case core::Outcome::kCancelled:
      return api::OUTCOME_CANCELLED;
    case core::Outcome::kInterrupted:
      return api::OUTCOME_INTERRUPTED;
  }
  return api::OUTCOME_UNSPECIFIED;
}

api::RunOutcome ToApi(core::RunOutcome outcome) {
  switch (outcome) {
    case core::RunOutcome::kSucceeded:
      return api::RUN_OUTCOME_SUCCEEDED;
    case core::RunOutcome::kFailed:
      return api::RUN_OUTCOME_FAILED;
    case core::RunOutcome::kCancelled:
      return api::RUN_OUTCOME_CANCELLED;
    case core::RunOutcome::kInterrupted:
      return api::RUN_OUTCOME_INTERRUPTED;
  }
  return api::RUN_OUTCOME_UNSPECIFIED;
}

api::RunKind ToApi(core::RunKind kind) {
  switch (kind) {
    case core::RunKind::kRun:
      return api::RUN_KIND_RUN;
    case core::RunKind::kResolve:
      return api::RUN_KIND_RESOLVE;
    case core::RunKind::kBaseline:
      return api::RUN_KIND_BASELINE;
  }
  return api::RUN_KIND_UNSPECIFIED;
}

}  // namespace migrationd::rpc

#include "tests/rpc/samples.h"

#include <google/protobuf/descriptor.h>

namespace migrationd::rpc::samples {
namespace {

namespace pb = google::protobuf;

void Collect(const pb::Message& message, const std::string& path, std::vector<std::string>& unset) {
  const pb::Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor* field = message.GetDescriptor()->field(i);
    const std::string name = path + field->name();
    const bool is_message = field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE;
    if (field->is_repeated()) {
      const int size = reflection.FieldSize(message, field);
      if (size == 0) unset.push_back(name);
      for (int j = 0; is_message && j < size; ++j) {
        Collect(reflection.GetRepeatedMessage(message, field, j), name + ".", unset);
      }
      continue;
    }
    if (!reflection.HasField(message, field)) {
      const pb::OneofDescriptor* oneof = field->real_containing_oneof();
      if (oneof == nullptr || !reflection.HasOneof(message, oneof)) unset.push_back(name);
      continue;
    }
    if (is_message) Collect(reflection.GetMessage(message, field), name + ".", unset);
  }
}

core::Migration Migration() {
  core::Migration migration;
  migration.id = "1.1.0/001_a.py";
  migration.version = *core::Version::Parse("1.1.0");
  migration.path = "/migrations/v1.1.0/001_a.py";
  migration.sha256 = "5ha";
  migration.description = "Add a column";
  return migration;
}

}  // namespace

core::Requester Requester() { return {1000, 4242, "mara"}; }

core::Failure Failure() {
  return {core::Phase::kMigrate, "it raised ValueError", "ValueError", "Traceback", 3, 15,
          "last words"};
}

std::vector<core::Fact> Facts() {
  return {
      core::RunStarted{core::RunKind::kRun, "uuid", "fingerprint", Requester(), "1.0", "1.4",
                       "digest", 3},
      core::MigrationStarted{"1.1.0/001_a.py", "5ha", "Add a column", 2},
      core::OutputWritten{"1.1.0/001_a.py", core::OutputStream::kStderr, "text\n"},
      core::ProgressReported{"1.1.0/001_a.py", 1.5, 3, "half way"},
      core::MigrationEnded{"1.1.0/001_a.py",
                           core::Outcome::kFailed,
                           "5ha",
                           std::chrono::microseconds(77),
                           {100, 7},
                           Failure()},
      core::MigrationRechecked{"1.1.0/001_a.py", true, Failure()},
      core::CancelRequested{core::CancelMode::kNow, Requester(), true},
      core::NoticeGiven{"1.1.0/001_a.py", "a process was killed"},
      core::MigrationResolved{"1.1.0/001_a.py", core::Resolution::kSkipped, "not here", "5ha"},
      core::BaselineSet{"1.4", "a fresh installation"},
      core::RunEnded{core::RunOutcome::kFailed, "1.0", 1, 2, "it did not end well"},
  };
}

core::RunSummary Summary() {
  core::RunSummary summary;
  summary.id = core::MakeRunId(12, 0x3f9c2a7e);
  summary.kind = core::RunKind::kRun;
  summary.request_id = "uuid";
  summary.by = Requester();
  summary.from_version = "1.0";
  summary.to_version = "1.4";
  summary.started_at = core::WallTime{1001};
  summary.ended_at = core::WallTime{2002};
  summary.outcome = core::RunOutcome::kFailed;
  summary.total = 3;
  summary.applied = 1;
  summary.already_applied = 2;
  summary.current_version = "1.0";
  summary.subject = "1.1.0/001_a.py";
  summary.message = "it did not end well";
  summary.last_sequence = 9;
  return summary;
}

core::Plan Plan() {
  core::Plan plan;
  plan.from = *core::Version::Parse("1.0");
  plan.to = *core::Version::Parse("1.4");
  plan.current = *core::Version::Parse("1.0.1");
  core::PlannedMigration planned;
  planned.migration = std::make_shared<const core::Migration>(Migration());
  planned.modified = true;
  planned.out_of_order = true;
  planned.interrupted = true;
  planned.probe = core::ProbeAnswer{core::ProbeAnswer::Kind::kFailed, "no such table"};
  plan.migrations.push_back(planned);
  plan.findings.push_back({core::Finding::Severity::kWarning, "/migrations/1_x.py", "is ignored"});
  plan.missing = {"1.0/009_gone.py"};
  plan.digest = "digest";
  return plan;
}

core::StatusReport Status() {
  core::StatusReport report;
  report.daemon_version = "0.1.0";
  report.migrations_directory = "/migrations";
  report.state_file = "/state/migration_state.json";
  report.current = *core::Version::Parse("1.0");
  report.latest = *core::Version::Parse("1.4");
  report.recorded = 1;
  report.pending = 2;
  report.out_of_order = 3;
  report.current_run = Summary();
  report.last_run = Summary();
  report.failure = core::OpenFailure{"1.1.0/001_a.py", "12-3f9c2a7e", core::Outcome::kTimedOut,
                                     core::WallTime{3003}, Failure()};
  report.interrupted = {"1.1.0/002_b.py"};
  return report;
}

std::vector<std::string> UnsetFields(const pb::Message& message) {
  std::vector<std::string> unset;
  Collect(message, "", unset);
  return unset;
}

}  // namespace migrationd::rpc::samples

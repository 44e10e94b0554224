#include "daemon/storage/event_writer.h"

#include <algorithm>
#include <cmath>

#include "daemon/storage/failure_codec.h"

namespace migrationd::storage {
namespace {

JsonOut RequesterToJson(const core::Requester& by) {
  JsonOut json = JsonOut::object();
  json["uid"] = by.uid;
  json["pid"] = by.pid;
  Put(json, "user", by.user);
  return json;
}

/// JSON knows neither infinity nor NaN.
double Finite(double value) { return std::isfinite(value) ? value : 0; }

std::uint64_t Microseconds(std::chrono::microseconds duration) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
}

struct NameOfFact {
  std::string_view operator()(const core::RunStarted&) const { return "run_started"; }
  std::string_view operator()(const core::MigrationStarted&) const { return "migration_started"; }
  std::string_view operator()(const core::OutputWritten&) const { return "output_written"; }
  std::string_view operator()(const core::ProgressReported&) const { return "progress_reported"; }
  std::string_view operator()(const core::MigrationEnded&) const { return "migration_ended"; }
  std::string_view operator()(const core::MigrationRechecked&) const {
    return "migration_rechecked";
  }
  std::string_view operator()(const core::CancelRequested&) const { return "cancel_requested"; }
  std::string_view operator()(const core::NoticeGiven&) const { return "notice_given"; }
  std::string_view operator()(const core::MigrationResolved&) const { return "migration_resolved"; }
  std::string_view operator()(const core::BaselineSet&) const { return "baseline_set"; }
  std::string_view operator()(const core::RunEnded&) const { return "run_ended"; }
};

struct FactWriter {
  JsonOut& line;

  void operator()(const core::RunStarted& fact) const {
    line["kind"] = core::NameOf(fact.kind);
    Put(line, "request_id", fact.request_id);
    Put(line, "fingerprint", fact.fingerprint);
    line["by"] = RequesterToJson(fact.by);
    Put(line, "from_version", fact.from_version);
    Put(line, "to_version", fact.to_version);
    Put(line, "plan_digest", fact.plan_digest);
    Put(line, "total", fact.total);
  }

  void operator()(const core::MigrationStarted& fact) const {
    line["migration"] = fact.migration_id;
    Put(line, "sha256", fact.sha256);
    Put(line, "description", fact.description);
    Put(line, "position", fact.position);
  }

  void operator()(const core::OutputWritten& fact) const {
    line["migration"] = fact.migration_id;
    line["stream"] = core::NameOf(fact.stream);
  }

  void operator()(const core::ProgressReported& fact) const {
    line["migration"] = fact.migration_id;
    line["done"] = Finite(fact.done);
    line["total"] = Finite(fact.total);
    Put(line, "message", fact.message);
  }

  void operator()(const core::MigrationEnded& fact) const {
    line["migration"] = fact.migration_id;
    line["outcome"] = core::NameOf(fact.outcome);
    Put(line, "sha256", fact.sha256);
    line["duration_us"] = Microseconds(fact.duration);
    Put(line, "output_bytes", fact.output.bytes);
    Put(line, "output_dropped", fact.output.dropped);
    if (fact.failure) line["failure"] = FailureToJson(*fact.failure);
  }

  void operator()(const core::MigrationRechecked& fact) const {
    line["migration"] = fact.migration_id;
    line["effective"] = fact.effective;
    if (fact.failure) line["failure"] = FailureToJson(*fact.failure);
  }

  void operator()(const core::CancelRequested& fact) const {
    line["mode"] = core::NameOf(fact.mode);
    line["by"] = RequesterToJson(fact.by);
    if (fact.shutdown) line["shutdown"] = true;
  }

  void operator()(const core::NoticeGiven& fact) const {
    Put(line, "migration", fact.migration_id);
    Put(line, "message", fact.message);
  }

  void operator()(const core::MigrationResolved& fact) const {
    line["migration"] = fact.migration_id;
    line["resolution"] = core::NameOf(fact.resolution);
    Put(line, "reason", fact.reason);
    Put(line, "sha256", fact.sha256);
  }

  void operator()(const core::BaselineSet& fact) const {
    line["version"] = fact.version;
    Put(line, "reason", fact.reason);
  }

  void operator()(const core::RunEnded& fact) const {
    line["outcome"] = core::NameOf(fact.outcome);
    Put(line, "current_version", fact.current_version);
    Put(line, "applied", fact.applied);
    Put(line, "already_applied", fact.already_applied);
    Put(line, "message", fact.message);
  }
};

}  // namespace

std::string_view EventName(const core::Fact& fact) { return std::visit(NameOfFact{}, fact); }

void WriteFact(const core::Fact& fact, JsonOut& line) { std::visit(FactWriter{line}, fact); }

}  // namespace migrationd::storage

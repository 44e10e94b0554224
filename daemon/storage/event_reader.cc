#include "daemon/storage/event_reader.h"

#include <array>
#include <utility>

#include "daemon/storage/failure_codec.h"
#include "daemon/storage/json_fields.h"
#include "daemon/storage/json_text.h"

namespace migrationd::storage {
namespace {

core::Requester ReadRequester(Fields& fields) {
  const JsonIn* json = fields.Object("by");
  if (json == nullptr) return {};
  Fields inner(*json);
  core::Requester by{static_cast<std::uint32_t>(inner.Number("uid")),
                     static_cast<std::uint32_t>(inner.Number("pid")), inner.Text("user")};
  if (!inner.ok()) fields.Fail("by", "cannot be read: " + inner.problem());
  return by;
}

std::optional<core::Failure> ReadFailure(Fields& fields) {
  const JsonIn* json = fields.Object("failure");
  if (json == nullptr) return std::nullopt;
  return FailureFromJson(*json, fields, "failure");
}

core::Fact ReadRunStarted(Fields& fields) {
  core::RunStarted fact;
  fact.kind = fields.Named<core::RunKind>("kind");
  fact.request_id = fields.Text("request_id");
  fact.fingerprint = fields.Text("fingerprint");
  fact.by = ReadRequester(fields);
  fact.from_version = fields.Text("from_version");
  fact.to_version = fields.Text("to_version");
  fact.plan_digest = fields.Text("plan_digest");
  fact.total = fields.Number("total");
  return fact;
}

core::Fact ReadMigrationStarted(Fields& fields) {
  return core::MigrationStarted{fields.RequiredText("migration"), fields.Text("sha256"),
                                fields.Text("description"), fields.Number("position")};
}

core::Fact ReadOutputWritten(Fields& fields) {
  return core::OutputWritten{fields.RequiredText("migration"),
                             fields.Named<core::OutputStream>("stream"), fields.Text("text")};
}

core::Fact ReadProgressReported(Fields& fields) {
  return core::ProgressReported{fields.RequiredText("migration"), fields.Real("done"),
                                fields.Real("total"), fields.Text("message")};
}

core::Fact ReadMigrationEnded(Fields& fields) {
  core::MigrationEnded fact;
  fact.migration_id = fields.RequiredText("migration");
  fact.outcome = fields.Named<core::Outcome>("outcome");
  fact.sha256 = fields.Text("sha256");
  fact.duration = std::chrono::microseconds{fields.Number("duration_us")};
  fact.output = {fields.Number("output_bytes"), fields.Number("output_dropped")};
  fact.failure = ReadFailure(fields);
  return fact;
}

core::Fact ReadMigrationRechecked(Fields& fields) {
  return core::MigrationRechecked{fields.RequiredText("migration"), fields.Flag("effective"),
                                  ReadFailure(fields)};
}

core::Fact ReadCancelRequested(Fields& fields) {
  return core::CancelRequested{fields.Named<core::CancelMode>("mode"), ReadRequester(fields),
                               fields.Flag("shutdown")};
}

core::Fact ReadNoticeGiven(Fields& fields) {
  return core::NoticeGiven{fields.Text("migration"), fields.Text("message")};
}

core::Fact ReadMigrationResolved(Fields& fields) {
  return core::MigrationResolved{fields.RequiredText("migration"),
                                 fields.Named<core::Resolution>("resolution"),
                                 fields.Text("reason"), fields.Text("sha256")};
}

core::Fact ReadBaselineSet(Fields& fields) {
  return core::BaselineSet{fields.RequiredText("version"), fields.Text("reason")};
}

core::Fact ReadRunEnded(Fields& fields) {
  core::RunEnded fact;
  fact.outcome = fields.Named<core::RunOutcome>("outcome");
  fact.current_version = fields.Text("current_version");
  fact.applied = fields.Number("applied");
  fact.already_applied = fields.Number("already_applied");
  fact.message = fields.Text("message");
  return fact;
}

using FactReader = core::Fact (*)(Fields&);

constexpr std::array<std::pair<std::string_view, FactReader>, 11> kReaders{{
    {"run_started", ReadRunStarted},
    {"migration_started", ReadMigrationStarted},
    {"output_written", ReadOutputWritten},
    {"progress_reported", ReadProgressReported},
    {"migration_ended", ReadMigrationEnded},
    {"migration_rechecked", ReadMigrationRechecked},
    {"cancel_requested", ReadCancelRequested},
    {"notice_given", ReadNoticeGiven},
    {"migration_resolved", ReadMigrationResolved},
    {"baseline_set", ReadBaselineSet},
    {"run_ended", ReadRunEnded},
}};

core::Fact ReadFact(Fields& fields) {
  const std::string name = fields.RequiredText("event");
  for (const auto& [known, read] : kReaders) {
    if (known == name) return read(fields);
  }
  fields.Fail("event", "is '" + name + "', which this migrationd does not know");
  return core::NoticeGiven{};
}

/// A line, and the text of its OutputWritten taken out of it: no tree is made of that.
struct WithoutText {
  std::string line;
  std::string text;
};

/// Nothing when there is no such text, or it is written in another way than ours. A quote within a
/// string has a backslash before it, so the key is found nowhere else.
std::optional<WithoutText> TakeTextOut(std::string_view line) {
  constexpr std::string_view kKey = ",\"text\":\"";
  const std::size_t key = line.find(kKey);
  if (key == std::string_view::npos) return std::nullopt;
  const std::size_t begin = key + kKey.size();
  const std::size_t end = EndOfJsonText(line, begin);
  if (end == std::string_view::npos) return std::nullopt;
  std::optional<std::string> text = ReadJsonText(line.substr(begin, end - begin));
  if (!text) return std::nullopt;
  return WithoutText{std::string(line.substr(0, key)).append(line.substr(end + 1)),
                     std::move(*text)};
}

}  // namespace

core::Result<core::EventPtr> ReadEvent(std::string_view line) {
  std::optional<WithoutText> parts = TakeTextOut(line);
  const JsonIn json = JsonIn::parse(parts ? std::string_view(parts->line) : line, nullptr, false);
  Fields fields(json);
  auto event = std::make_shared<core::Event>();
  event->sequence = fields.Number("sequence");
  event->time = fields.Time("time");
  event->fact = ReadFact(fields);
  if (auto* output = std::get_if<core::OutputWritten>(&event->fact); output != nullptr && parts) {
    output->text = std::move(parts->text);
  }
  if (!fields.ok()) {
    return core::Error{
        core::Reason::kStateDamaged,
        "event " + std::to_string(event->sequence) +
            " was written by a newer migrationd, or is not ours: " + fields.problem(),
        "Use the version of migrationd that wrote it, or a newer one."};
  }
  return core::EventPtr(std::move(event));
}

}  // namespace migrationd::storage

#include "daemon/storage/state_codec.h"

#include <limits>
#include <utility>

#include "daemon/storage/digest.h"
#include "daemon/storage/failure_codec.h"
#include "daemon/storage/json_fields.h"
#include "daemon/storage/legacy_state.h"
#include "daemon/storage/sealed_pieces.h"

namespace migrationd::storage {
namespace {

constexpr std::uint64_t kFormat = 1;
constexpr int kIndent = 2;
constexpr std::string_view kFormatLine = "  \"format\": 1,";
constexpr std::size_t kLinesOfRecord = 8;
constexpr std::string_view kNoRecords = "\n  \"migrations\": {}";
constexpr std::string_view kChecksumStart = "  \"checksum\": \"sha256:";
constexpr std::string_view kChecksumEnd = "\",";

using Json = JsonIn;

JsonOut RecordToJson(const core::Record& record) {
  JsonOut json = JsonOut::object();
  json["outcome"] = core::NameOf(record.outcome);
  json["at"] = FormatTime(record.at);
  json["duration_us"] = record.duration.count();
  Put(json, "run", record.run_id);
  Put(json, "sha256", record.sha256);
  Put(json, "reason", record.reason);
  return json;
}

/// The record as a member of the object of records, as deep as it is there.
std::string MemberOf(const std::string& id, const core::Record& record) {
  JsonOut object = JsonOut::object();
  object[id] = RecordToJson(record);
  const std::string dumped = Dump(object, kIndent);
  std::string member;
  member.reserve(dumped.size() + kLinesOfRecord * kIndent);
  // What stands between the braces. Within texts no line ends.
  for (const char byte : std::string_view(dumped).substr(1, dumped.size() - 3)) {
    member += byte;
    if (byte == '\n') member.append(kIndent, ' ');
  }
  return member;
}

/// The records go into the empty object of theirs. One after the other: ten thousand as one tree
/// would take more memory than all that the daemon keeps.
void AddRecords(const std::map<std::string, core::Record>& records, SealedPieces& pieces) {
  bool first = true;
  for (const auto& [id, record] : records) {
    if (pieces.error() != 0) return;
    if (!std::exchange(first, false)) pieces.Add(",");
    pieces.Add(MemberOf(id, record));
  }
  if (!first) pieces.Add("\n" + std::string(kIndent, ' '));
}

core::Record RecordFromJson(const Json& json, const std::string& id, Fields& file) {
  Fields fields(json);
  core::Record record;
  record.outcome = fields.Named<core::Outcome>("outcome");
  record.at = fields.Time("at");
  record.duration = std::chrono::microseconds{fields.Number("duration_us")};
  record.run_id = fields.Text("run");
  record.sha256 = fields.Text("sha256");
  record.reason = fields.Text("reason");
  if (!fields.ok())
    file.Fail("migrations", "has an entry '" + id + "' in which " + fields.problem());
  return record;
}

JsonOut OpenFailureToJson(const core::OpenFailure& open) {
  JsonOut json = JsonOut::object();
  json["migration"] = open.migration_id;
  json["run"] = open.run_id;
  json["outcome"] = core::NameOf(open.outcome);
  json["at"] = FormatTime(open.at);
  json.update(FailureToJson(open.failure));
  return json;
}

core::OpenFailure OpenFailureFromJson(const Json& json, Fields& file) {
  Fields fields(json);
  core::OpenFailure open;
  open.migration_id = fields.RequiredText("migration");
  open.run_id = fields.Text("run");
  open.outcome = fields.Named<core::Outcome>("outcome");
  open.at = fields.Time("at");
  open.failure = FailureFromJson(json, fields, "failure");
  if (!fields.ok()) file.Fail("failure", "cannot be read: " + fields.problem());
  return open;
}

/// The lines around the third, and the third.
struct Lines {
  std::string_view before;
  std::string_view checksum;
  std::string_view after;
};

Lines Split(std::string_view bytes) {
  const auto end_of_line = [&](std::size_t begin) {
    const std::size_t feed = bytes.find('\n', begin);
    return feed == std::string_view::npos ? bytes.size() : feed + 1;
  };
  const std::size_t begin = end_of_line(end_of_line(0));
  const std::size_t end = end_of_line(begin);
  return {bytes.substr(0, begin), bytes.substr(begin, end - begin), bytes.substr(end)};
}

std::string ChecksumLine(const std::string& sha256) {
  return std::string(kChecksumStart) + sha256 + std::string(kChecksumEnd) + "\n";
}

bool IsIntact(std::string_view bytes) {
  const Lines lines = Split(bytes);
  return lines.checksum == ChecksumLine(Sha256Hex({lines.before, lines.after}));
}

/// True when the format number is the only thing that is wrong: then it is a damaged digit, not a
/// file of a newer migrationd.
bool IsIntactWithOurFormat(std::string_view bytes) {
  const std::size_t begin = bytes.find('\n') + 1;
  const std::size_t end = bytes.find('\n', begin);
  if (begin == 0 || end == std::string_view::npos) return false;
  std::string repaired(bytes);
  repaired.replace(begin, end - begin, kFormatLine);
  return IsIntact(repaired);
}

std::string TextWithoutRecords(const core::State& state, bool run_ended) {
  JsonOut json = JsonOut::object();
  json["format"] = kFormat;
  json["checksum"] = "";
  json["current_version"] = nullptr;
  if (state.current_version) json["current_version"] = *state.current_version;
  json["position"] = {
      {"run", state.position.run}, {"sequence", state.position.sequence}, {"ended", run_ended}};
  json["migrations"] = JsonOut::object();
  JsonOut& in_flight = json["in_flight"] = JsonOut::object();
  for (const auto& [id, run] : state.in_flight) in_flight[id] = run;
  json["failure"] = nullptr;
  if (state.failure) json["failure"] = OpenFailureToJson(*state.failure);
  return Dump(json, kIndent) + "\n";
}

BadSnapshot Damaged(std::string why) { return BadSnapshot{false, std::move(why)}; }

std::variant<Snapshot, BadSnapshot> Interpret(const Json& json) {
  Snapshot snapshot;
  core::State& state = snapshot.state;
  Fields fields(json);
  if (json.contains("current_version") && !json["current_version"].is_null()) {
    state.current_version = fields.Text("current_version");
  }
  if (const Json* position = fields.Object("position")) {
    Fields inner(*position);
    state.position = {inner.Number("run"), inner.Number("sequence")};
    snapshot.run_ended = inner.Flag("ended");
    if (!inner.ok()) fields.Fail("position", "cannot be read: " + inner.problem());
  } else {
    fields.Fail("position", "is missing");
  }
  if (const Json* migrations = fields.Object("migrations")) {
    for (const auto& [id, record] : migrations->items()) {
      state.records.emplace_hint(state.records.end(), id, RecordFromJson(record, id, fields));
    }
  } else {
    fields.Fail("migrations", "is missing");
  }
  if (const Json* in_flight = fields.Object("in_flight")) {
    Fields inner(*in_flight);
    for (const auto& entry : in_flight->items()) {
      state.in_flight[entry.key()] = inner.Text(entry.key().c_str());
    }
    if (!inner.ok()) fields.Fail("in_flight", "cannot be read: " + inner.problem());
  }
  if (const Json* failure = fields.Object("failure")) {
    state.failure = OpenFailureFromJson(*failure, fields);
  }
  if (!fields.ok()) return Damaged(fields.problem());
  return snapshot;
}

}  // namespace

int EncodeSnapshot(const core::State& state, bool run_ended, std::size_t piece_bytes,
                   const PieceWriter& write) {
  const std::string text = TextWithoutRecords(state, run_ended);
  const Lines lines = Split(text);
  const std::size_t records = lines.after.find(kNoRecords) + kNoRecords.size() - 1;
  SealedPieces pieces(write, piece_bytes);
  pieces.Add(lines.before);
  pieces.AddSeal(ChecksumLine);
  pieces.Add(lines.after.substr(0, records));
  AddRecords(state.records, pieces);
  pieces.Add(lines.after.substr(records));
  return pieces.Finish();
}

std::string EncodeSnapshot(const core::State& state, bool run_ended) {
  std::string text;
  // One piece, so there is no other order to put them in.
  EncodeSnapshot(state, run_ended, std::numeric_limits<std::size_t>::max(),
                 [&text](std::string_view piece, std::uint64_t /*offset*/) {
                   text = piece;
                   return 0;
                 });
  return text;
}

std::variant<Snapshot, BadSnapshot> DecodeSnapshot(std::string_view bytes) {
  if (bytes.empty()) return Damaged("it is empty");
  const bool intact = IsIntact(bytes);
  const Json json = Json::parse(bytes, nullptr, false);
  if (json.is_discarded()) return Damaged("it is not JSON, or only a part of it is there");
  if (!json.is_object()) return Damaged("it is JSON, but not an object");
  if (!json.contains("format")) return DecodeLegacy(json);
  const Json& format = json["format"];
  if (format.is_number_unsigned() && format.get<std::uint64_t>() > kFormat &&
      !IsIntactWithOurFormat(bytes)) {
    return BadSnapshot{true, "it was written by a newer migrationd (format " + format.dump() +
                                 "; this one knows format " + std::to_string(kFormat) + ")"};
  }
  if (!intact)
    return Damaged("its checksum is wrong: at least one byte has changed since it was written");
  return Interpret(json);
}

}  // namespace migrationd::storage

#include "daemon/storage/log_frame.h"

#include <charconv>

#include "daemon/storage/digest.h"
#include "daemon/storage/event_writer.h"
#include "daemon/storage/json_fields.h"
#include "daemon/storage/json_text.h"

namespace migrationd::storage {
namespace {

constexpr std::string_view kSequence = "{\"sequence\":";
constexpr std::string_view kTime = ",\"time\":\"";
constexpr std::string_view kEvent = "\",\"event\":\"";
constexpr std::string_view kText = ",\"text\":";
constexpr std::string_view kSynced = ",\"synced\":";
constexpr std::string_view kCrc = ",\"crc\":\"";
constexpr std::string_view kEnd = "\"}";
constexpr std::size_t kCrcDigits = 8;

/// Takes `prefix` off the front of `text`; false when it is not there.
bool Take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool TakeNumber(std::string_view& text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

/// Takes what is before the next quote.
bool TakeName(std::string_view& text, std::string_view& name) {
  const std::size_t end = text.find('"');
  if (end == std::string_view::npos) return false;
  name = text.substr(0, end);
  text.remove_prefix(end);
  return true;
}

}  // namespace

std::string EncodeLine(const core::Event& event, std::uint64_t synced, const LogHeader* header) {
  JsonOut json = JsonOut::object();
  json["sequence"] = event.sequence;
  json["time"] = FormatTime(event.time);
  json["event"] = EventName(event.fact);
  if (header != nullptr) {
    json["run"] = header->run;
    json["previous_run"] = header->previous_run;
    Put(json, "imported", header->imported);
  }
  WriteFact(event.fact, json);
  std::string line = Dump(json);
  line.pop_back();
  if (const auto* output = std::get_if<core::OutputWritten>(&event.fact)) {
    line += kText;
    AppendJsonText(line, output->text);
  }
  line += kSynced;
  line += std::to_string(synced);
  const std::string crc = Crc32Hex(line);
  line += kCrc;
  line += crc;
  line += kEnd;
  line += '\n';
  return line;
}

bool Frame::MattersToState() const {
  return event != "output_written" && event != "progress_reported" && event != "notice_given";
}

bool Frame::MattersToSummary() const { return MattersToState() && event != "migration_started"; }

std::optional<Frame> ParseFrame(std::string_view line) {
  constexpr std::size_t kTail = kCrc.size() + kCrcDigits + kEnd.size();
  if (line.size() < kTail || !line.ends_with(kEnd)) return std::nullopt;
  const std::string_view body = line.substr(0, line.size() - kTail);
  std::string_view tail = line.substr(body.size());
  if (!Take(tail, kCrc) || !Take(tail, Crc32Hex(body))) return std::nullopt;

  Frame frame;
  frame.line = line;
  std::string_view rest = body;
  std::string_view time;
  if (!Take(rest, kSequence) || !TakeNumber(rest, frame.sequence) || !Take(rest, kTime) ||
      !TakeName(rest, time) || !Take(rest, kEvent) || !TakeName(rest, frame.event)) {
    return std::nullopt;
  }
  const std::size_t synced = body.rfind(kSynced);
  if (synced == std::string_view::npos) return std::nullopt;
  rest = body.substr(synced + kSynced.size());
  if (!TakeNumber(rest, frame.synced) || !rest.empty()) return std::nullopt;
  return frame;
}

std::optional<LogHeader> ReadHeader(const Frame& frame) {
  if (frame.sequence != 1 || frame.event != "run_started") return std::nullopt;
  const JsonIn json = JsonIn::parse(frame.line, nullptr, false);
  Fields fields(json);
  LogHeader header{fields.RequiredText("run"), fields.Number("previous_run"),
                   fields.Number("imported")};
  if (!fields.ok()) return std::nullopt;
  return header;
}

}  // namespace migrationd::storage

#include "daemon/storage/log_reader.h"

#include <algorithm>

#include "daemon/storage/event_reader.h"
#include "daemon/storage/log_frame.h"
#include "daemon/storage/log_scan.h"
#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

using Step = LineCursor::Step;

constexpr std::uint64_t kMarkEvery = std::uint64_t{64} << 10U;

core::Error PositionUnknown(std::uint64_t after, std::uint64_t last) {
  return core::Error{core::Reason::kPositionUnknown,
                     "the run's log ends at event " + std::to_string(last) +
                         ", so there is nothing after event " + std::to_string(after),
                     "Watch from an earlier event, or from the beginning."};
}

}  // namespace

LogReader::Mark LogReader::NearestMark(std::uint64_t after) const {
  const auto above =
      std::upper_bound(marks_.begin(), marks_.end(), after,
                       [](std::uint64_t value, const Mark& mark) { return value < mark.sequence; });
  const Mark& mark = *std::prev(above);
  return last_page_end_.sequence <= after && last_page_end_.sequence > mark.sequence
             ? last_page_end_
             : mark;
}

void LogReader::Remember(const Mark& mark) {
  if (mark.offset >= marks_.back().offset + kMarkEvery) marks_.push_back(mark);
}

core::Result<core::EventPage> LogReader::Read(std::uint64_t after, std::size_t max_bytes,
                                              std::uint64_t limit) {
  const Io<OpenFile> file = OpenToRead(files_, path_);
  if (!file.ok()) return StorageError(file.error, "open", path_);
  Mark at = NearestMark(after);
  core::EventPage page;
  std::size_t bytes = 0;
  LineCursor cursor(file.value, at.offset, limit);
  Step step = Step::kEnd;
  while (page.events.empty() || bytes < max_bytes) {
    step = cursor.Next();
    if (step != Step::kLine) break;
    const std::optional<Frame> frame = ParseFrame(cursor.line());
    if (!frame || frame->sequence != at.sequence + 1) break;
    if (frame->sequence > after) {
      core::Result<core::EventPtr> event = ReadEvent(frame->line);
      if (!event.ok()) return event.error().In("run log '" + path_ + "'");
      page.events.push_back(std::move(*event));
      bytes += frame->line.size();
    }
    at = Mark{frame->sequence, cursor.end_offset(), frame->IsTerminal()};
    step = Step::kEnd;
    Remember(at);
  }
  if (step == Step::kFailed) return StorageError(cursor.error(), "read", path_);
  if (page.events.empty()) {
    const std::uint64_t broken = at.sequence + 1;
    if (step != Step::kEnd && IsAcknowledged(cursor, broken)) {
      return LogDamagedError(path_, broken);
    }
    if (at.sequence < after) return PositionUnknown(after, at.sequence);
  }
  page.complete = at.terminal;
  last_page_end_ = at;
  return page;
}

}  // namespace migrationd::storage

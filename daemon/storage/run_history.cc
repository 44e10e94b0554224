#include "daemon/storage/run_history.h"

#include <algorithm>
#include <cerrno>
#include <limits>

#include "daemon/storage/disk.h"
#include "daemon/storage/event_reader.h"
#include "daemon/storage/line_cursor.h"
#include "daemon/storage/log_frame.h"
#include "daemon/storage/log_scan.h"
#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

constexpr std::size_t kMostReaders = 16;
/// What the last part of a log must hold for a summary: how the run ended and which migration
/// failed.
constexpr std::uint64_t kTail = std::uint64_t{128} << 10U;

core::Error RunNotFound(const core::RunId& run) {
  return core::Error{core::Reason::kRunNotFound, "no run '" + run.text + "' is recorded",
                     "List the runs that are kept with `telec migrate history`."};
}

std::uint64_t LimitOf(const LogName& log, const RunHistory::Active& active) {
  return log.run == active.summary.id ? active.bytes : std::numeric_limits<std::uint64_t>::max();
}

/// Folds the lines of [begin, end) into the summary; the first may be the rest of one that began
/// before.
core::Status FoldLines(const OpenFile& file, std::uint64_t begin, std::uint64_t end,
                       core::RunSummary& summary) {
  LineCursor cursor(file, begin, end);
  while (cursor.Next() == LineCursor::Step::kLine) {
    const std::optional<Frame> frame = ParseFrame(cursor.line());
    if (!frame || frame->sequence <= summary.last_sequence) continue;
    const core::Result<core::EventPtr> event = ReadEvent(frame->line);
    if (!event.ok()) return event.error();
    core::Apply(summary, **event);
  }
  return core::Ok();
}

}  // namespace

core::Result<LogName> RunHistory::Find(const core::RunId& run) {
  if (run.text != std::to_string(run.number)) {
    const std::string path = directory_ + "/" + LogFileName(run);
    const Io<OpenFile> file = OpenToRead(files_, path);
    if (file.error == ENOENT) return RunNotFound(run);
    if (!file.ok()) return StorageError(file.error, "open the run log", path);
    return LogName{run, path};
  }
  core::Result<std::vector<LogName>> logs = ListLogs(files_, directory_);
  if (!logs.ok()) return logs.error();
  const auto found = std::find_if(logs->begin(), logs->end(),
                                  [&](const LogName& log) { return log.run.number == run.number; });
  if (found == logs->end()) return RunNotFound(run);
  return *found;
}

core::Result<core::RunId> RunHistory::FindRun(const core::RunId& run) {
  const core::Result<LogName> log = Find(run);
  if (!log.ok()) return log.error();
  return log->run;
}

core::Result<core::EventPage> RunHistory::ReadEvents(const core::RunId& run, std::uint64_t after,
                                                     std::size_t max_bytes, const Active& active) {
  const core::Result<LogName> log = Find(run);
  if (!log.ok()) return log.error();
  if (!readers_.contains(log->run.number) && readers_.size() >= kMostReaders) readers_.clear();
  LogReader& reader = readers_.try_emplace(log->run.number, files_, log->path).first->second;
  core::Result<core::EventPage> page = reader.Read(after, max_bytes, LimitOf(*log, active));
  const bool is_over = active.others_ended && log->run != active.summary.id;
  if (page.ok() && is_over && page->events.empty() && !page->complete) {
    return LogDamagedError(log->path, after + 1);
  }
  return page;
}

core::Status RunHistory::Summarize(const LogName& log, Known& known) {
  core::RunSummary& summary = known.summary;
  const Io<OpenFile> file = OpenToRead(files_, log.path);
  if (!file.ok()) return StorageError(file.error, "open", log.path);
  const Io<std::uint64_t> size = file.value.Size();
  if (!size.ok()) return StorageError(size.error, "read", log.path);
  const std::uint64_t end = known.bytes = size.value;

  LineCursor first(file.value, 0, end);
  if (first.Next() != LineCursor::Step::kLine || !ParseFrame(first.line())) {
    return core::Error{core::Reason::kStateDamaged, "its first line is damaged", ""};
  }
  const std::uint64_t tail = end > kTail ? std::max(end - kTail, first.end_offset()) : 0;
  if (tail > 0) {
    if (core::Status status = FoldLines(file.value, 0, first.end_offset(), summary); !status.ok()) {
      return status;
    }
  }
  if (core::Status status = FoldLines(file.value, tail, end, summary); !status.ok()) return status;
  if (tail == 0 || summary.outcome) return core::Ok();
  // It has not ended: what has been done so far is counted from the beginning.
  core::RunSummary whole;
  whole.id = log.run;
  summary = whole;
  return FoldLines(file.value, 0, end, summary);
}

RunHistory::Known RunHistory::Look(const LogName& log, const Active& active) {
  if (log.run == active.summary.id) return {active.summary, active.bytes};
  if (const auto found = finished_.find(log.run.number); found != finished_.end()) {
    return found->second;
  }
  Known known;
  known.summary.id = log.run;
  const core::Status status = Summarize(log, known);
  if (!status.ok()) {
    known.summary.message = "its log '" + log.path + "' cannot be read: " + status.error().message;
  } else if (known.summary.outcome) {
    finished_[log.run.number] = known;
  } else if (active.others_ended) {
    known.summary.message = LogDamagedError(log.path, known.summary.last_sequence + 1).message;
  }
  return known;
}

KeptLog RunHistory::Kept(const LogName& log, const Active& active, core::WallTime now) {
  const Known known = Look(log, active);
  return {log.run.number, known.bytes, known.summary.ended_at.value_or(now)};
}

core::Result<std::vector<core::RunSummary>> RunHistory::ListRuns(std::uint64_t before,
                                                                 std::size_t limit,
                                                                 const Active& active) {
  core::Result<std::vector<LogName>> logs = ListLogs(files_, directory_);
  if (!logs.ok()) return logs.error();
  std::vector<core::RunSummary> runs;
  for (auto log = logs->rbegin(); log != logs->rend() && runs.size() < limit; ++log) {
    if (before == 0 || log->run.number < before) runs.push_back(Look(*log, active).summary);
  }
  return runs;
}

std::optional<core::RunSummary> RunHistory::FindRequest(const std::string& request_id,
                                                        const Active& active) {
  const core::Result<std::vector<LogName>> logs = ListLogs(files_, directory_);
  if (request_id.empty() || !logs.ok()) return std::nullopt;
  for (auto log = logs->rbegin(); log != logs->rend(); ++log) {
    core::RunSummary summary = Look(*log, active).summary;
    if (summary.request_id == request_id) return summary;
  }
  return std::nullopt;
}

void RunHistory::Forget(std::uint64_t run) {
  finished_.erase(run);
  readers_.erase(run);
}

}  // namespace migrationd::storage

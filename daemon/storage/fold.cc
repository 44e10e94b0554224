#include "daemon/storage/fold.h"

#include <algorithm>

#include "daemon/storage/event_reader.h"
#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

constexpr std::string_view kRepair =
    "Restore the state file and the folder of its name with .runs from a backup, or see 'When the "
    "state is "
    "damaged' in docs/reference/state-files.md.";

core::Error Damaged(std::string message) {
  return core::Error{core::Reason::kStateDamaged, std::move(message), std::string(kRepair)};
}

class Folder {
 public:
  Folder(Files& files, const LoadedState& loaded) : files_(files), loaded_(loaded) {
    folded_.notices = loaded.notices;
    if (!loaded.snapshot) return;
    folded_.state = loaded.snapshot->state;
    run_ended_ = loaded.snapshot->run_ended;
    folded_.previous_run = folded_.state.position.run;
    folded_.last_sequence = folded_.state.position.sequence;
    if (folded_.previous_run == 0) folded_.imported = folded_.state.records.size();
  }

  core::Result<Folded> Run(const std::vector<LogName>& logs) {
    const core::LogPosition start = folded_.state.position;
    std::vector<LogName> needed;
    std::copy_if(logs.begin(), logs.end(), std::back_inserter(needed), [&](const LogName& log) {
      return log.run.number > start.run || (log.run.number == start.run && !run_ended_);
    });
    if (!loaded_.snapshot) {
      if (core::Status status = CheckRebuild(needed); !status.ok()) return status.error();
    }
    if (start.run > 0 && !run_ended_ &&
        (needed.empty() || needed.front().run.number != start.run)) {
      return Damaged("the log of run " + std::to_string(start.run) +
                     " is missing, and the state file says that this run goes on");
    }
    for (std::size_t i = 0; i < needed.size(); ++i) {
      if (i > 0 && needed[i - 1].run.number == needed[i].run.number) {
        return Damaged("run logs '" + needed[i - 1].path + "' and '" + needed[i].path +
                       "' both claim the same place in the history");
      }
      if (core::Status status = Take(needed[i], i + 1 == needed.size()); !status.ok()) {
        return status.error();
      }
    }
    return std::move(folded_);
  }

 private:
  /// Without a state file the logs must tell the whole story, or there must be none.
  core::Status CheckRebuild(const std::vector<LogName>& logs) {
    if (logs.empty()) {
      if (!loaded_.damage.empty()) return Damaged(loaded_.damage);
      folded_.is_fresh = true;
      return core::Ok();
    }
    rebuilding_ = true;
    folded_.notices.emplace_back("the state was rebuilt from the run logs alone");
    return core::Ok();
  }

  core::Status Take(const LogName& log, bool is_last) {
    const Io<OpenFile> file = OpenToRead(files_, log.path);
    if (!file.ok()) return StorageError(file.error, "open the run log", log.path);
    const core::LogPosition start = folded_.state.position;
    const bool continues = log.run.number == start.run;
    const std::uint64_t known = continues ? start.sequence : 0;
    folded_.last_summary = {};
    folded_.last_summary.id = log.run;
    core::Result<LogScan> scan = ScanLog(file.value, log.path, [&](const Frame& frame) {
      if (frame.sequence == 1) {
        if (core::Status status = CheckHeader(log, frame, continues); !status.ok()) return status;
      }
      return ApplyFrame(log, frame, frame.sequence > known);
    });
    if (!scan.ok()) return scan.error();
    if (core::Status status = JudgeDamage(log, *scan, is_last, known); !status.ok()) return status;
    if (scan->last_sequence > 0) {
      folded_.previous_run = log.run.number;
      folded_.last_sequence = scan->last_sequence;
    }
    if (is_last) {
      folded_.last_log = log;
      folded_.last_scan = std::move(*scan);
    }
    return core::Ok();
  }

  core::Status CheckHeader(const LogName& log, const Frame& frame, bool continues) const {
    const std::optional<LogHeader> header = ReadHeader(frame);
    if (!header || header->run != log.run.text) {
      return Damaged("'" + log.path + "' is not the log of run " + log.run.text +
                     ": its first line says otherwise");
    }
    if (continues) return core::Ok();
    if (rebuilding_ && folded_.previous_run == 0 &&
        (header->previous_run != 0 || header->imported != 0)) {
      return Damaged((loaded_.damage.empty() ? "the state file is missing" : loaded_.damage) +
                     ", and the run logs do not go back to the beginning: the first one is '" +
                     log.path + "'");
    }
    if (header->previous_run != folded_.previous_run) {
      return Damaged("a run log is missing: '" + log.path + "' follows run " +
                     std::to_string(header->previous_run) +
                     ", but the newest run known before it is " +
                     std::to_string(folded_.previous_run));
    }
    return core::Ok();
  }

  /// `is_new`: the state does not have it yet.
  core::Status ApplyFrame(const LogName& log, const Frame& frame, bool is_new) {
    if (is_new) folded_.state.position = {log.run.number, frame.sequence};
    folded_.last_summary.last_sequence = frame.sequence;
    // Parsing is what a long log costs.
    if (!(is_new ? frame.MattersToState() : frame.MattersToSummary())) return core::Ok();
    const core::Result<core::EventPtr> event = ReadEvent(frame.line);
    if (!event.ok()) return event.error().In("run log '" + log.path + "'");
    if (is_new) core::Apply(folded_.state, log.run, **event);
    core::Apply(folded_.last_summary, **event);
    return core::Ok();
  }

  core::Status JudgeDamage(const LogName& log, const LogScan& scan, bool is_last,
                           std::uint64_t known) {
    if (scan.last_sequence < known) return LogDamagedError(log.path, scan.last_sequence + 1);
    if (!scan.damage) {
      if (scan.last_sequence == 0 && !is_last) return LogDamagedError(log.path, 1);
      return core::Ok();
    }
    if (!is_last || scan.damage->acknowledged)
      return LogDamagedError(log.path, scan.damage->sequence);
    if (scan.last_sequence == 0) return core::Ok();
    folded_.notices.push_back("the torn end of run log '" + log.path +
                              "' was cut off after event " + std::to_string(scan.last_sequence) +
                              "; nobody had been told of it");
    return core::Ok();
  }

  Files& files_;
  const LoadedState& loaded_;
  bool run_ended_ = false;
  bool rebuilding_ = false;
  Folded folded_;
};

}  // namespace

core::Result<Folded> Fold(Files& files, const LoadedState& loaded,
                          const std::vector<LogName>& logs) {
  return Folder(files, loaded).Run(logs);
}

}  // namespace migrationd::storage

#include <algorithm>
#include <string>

#include "daemon/storage/digest.h"
#include "daemon/storage/log_scan.h"
#include "daemon/storage/state_store.h"
#include "tests/fuzz/memory_files.h"
#include "tests/fuzz/targets.h"

namespace migrationd::fuzz {
namespace {

constexpr const char* kState = "/state/migration_state.json";
constexpr const char* kLog = "/state/migration_state.json.runs/000001-00005eed.jsonl";

/// With the right checksum at the end of each line, where a fuzzer would never find it.
std::string Sealed(std::string_view bytes) {
  constexpr std::string_view kMark = ",\"crc\":\"";
  std::string sealed;
  while (!bytes.empty()) {
    const std::size_t feed = bytes.find('\n');
    std::string_view line = bytes.substr(0, feed);
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    line = line.substr(0, line.rfind(kMark));
    sealed.append(line).append(kMark).append(storage::Crc32Hex(line)).append("\"}");
    if (feed != std::string_view::npos) sealed += '\n';
  }
  return sealed;
}

storage::LogScan Scan(MemoryFiles& files) {
  std::uint64_t visited = 0;
  const auto file = storage::OpenToRead(files, kLog);
  auto scan = storage::ScanLog(file.value, kLog, [&](const storage::Frame& frame) {
    Require(frame.sequence == ++visited, "events are numbered from 1");
    return core::Ok();
  });
  Require(scan.ok() && scan->last_sequence == visited, "every event is visited once");
  Require(scan->valid_bytes <= scan->file_bytes && scan->synced_bytes <= scan->valid_bytes,
          "no more is valid than there is, and no more is vouched for than is valid");
  Require(scan->damage.has_value() == (scan->valid_bytes < scan->file_bytes),
          "what is not valid is damage");
  return std::move(*scan);
}

/// Reads the log in small pages, as a slow watcher does, until it ends or cannot be read on.
core::Status ReadAll(storage::StateStore& store, std::uint64_t& after) {
  constexpr std::size_t kPageBytes = 64;
  const core::RunId run = core::MakeRunId(1, 0x5eed);
  for (;;) {
    const auto page = store.ReadEvents(run, after, kPageBytes);
    if (!page.ok()) return page.error();
    if (page->events.empty()) return core::Ok();
    for (const core::EventPtr& event : page->events) {
      Require(event->sequence == ++after, "a watcher sees 1, 2, 3 and so on");
    }
  }
}

void Check(const std::string& bytes) {
  MemoryFiles files;
  files.Put(kLog, bytes);
  const storage::LogScan scan = Scan(files);
  storage::StoreOptions options;
  options.state_file = kState;
  core::Result<core::StoredState> opened = core::Error{};
  {
    storage::StateStore store(options, files);
    opened = store.Open();
    if (!opened.ok()) {
      Require(opened.error().reason == core::Reason::kStateDamaged, "it is said to be damaged");
      Require(!opened.error().hint.empty(), "what to do is said");
    }
    static_cast<void>(store.ListRuns(0, 10).ok());
    std::uint64_t watched = 0;
    const core::Status end = ReadAll(store, watched);
    if (!opened.ok()) return;
    // An output that a newer daemon wrote in another form changes no state, and shows only here.
    const bool foreign = !end.ok() && end.error().reason == core::Reason::kStateDamaged;
    Require(foreign || watched == scan.last_sequence, "what was recovered is what can be watched");
  }
  storage::StateStore store(options, files);
  const auto again = store.Open();
  Require(again.ok() && again->state == opened->state, "recovering twice is recovering once");
}

}  // namespace

/// The log of a first run, as it is and with right checksums.
void FuzzRunLog(std::string_view bytes) {
  Check(std::string(bytes));
  Check(Sealed(bytes));
}

}  // namespace migrationd::fuzz

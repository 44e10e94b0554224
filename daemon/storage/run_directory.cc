#include "daemon/storage/run_directory.h"

#include <algorithm>
#include <cerrno>

#include "daemon/storage/disk.h"
#include "daemon/storage/storage_error.h"

namespace migrationd::storage {
namespace {

constexpr std::string_view kSuffix = ".jsonl";
constexpr std::size_t kDigits = 6;

}  // namespace

std::string LogFileName(const core::RunId& run) {
  const std::size_t digits = run.text.find('-');
  const std::size_t zeros = digits < kDigits ? kDigits - digits : 0;
  return std::string(zeros, '0') + run.text + std::string(kSuffix);
}

std::optional<core::RunId> ParseLogFileName(std::string_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  std::string_view text = name.substr(0, name.size() - kSuffix.size());
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  std::optional<core::RunId> run = core::ParseRunId(text);
  if (!run || LogFileName(*run) != name) return std::nullopt;
  return run;
}

core::Result<std::vector<LogName>> ListLogs(Files& files, const std::string& directory) {
  const Io<std::vector<std::string>> names = ListDirectory(files, directory);
  if (names.error == ENOENT) return std::vector<LogName>{};
  if (!names.ok()) return StorageError(names.error, "list", directory);
  std::vector<LogName> logs;
  for (const std::string& name : names.value) {
    if (std::optional<core::RunId> run = ParseLogFileName(name)) {
      logs.push_back({std::move(*run), std::string(directory).append("/").append(name)});
    }
  }
  std::sort(logs.begin(), logs.end(), [](const LogName& a, const LogName& b) {
    return a.run.number != b.run.number ? a.run.number < b.run.number : a.path < b.path;
  });
  return logs;
}

}  // namespace migrationd::storage

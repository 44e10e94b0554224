#include "daemon/storage/retention.h"

namespace migrationd::storage {

std::size_t CountToPrune(const std::vector<KeptLog>& logs, const StoreLimits& limits,
                         std::uint64_t first_needed, core::WallTime now) {
  std::uint64_t bytes = 0;
  for (const KeptLog& log : logs) bytes += log.bytes;
  std::size_t count = 0;
  while (count + 1 < logs.size() && logs[count].run < first_needed) {
    const KeptLog& oldest = logs[count];
    const bool too_many = logs.size() - count > limits.max_runs;
    const bool too_old = now - oldest.last_event > limits.max_age;
    if (!too_many && !too_old && bytes <= limits.max_bytes) break;
    bytes -= oldest.bytes;
    ++count;
  }
  return count;
}

}  // namespace migrationd::storage

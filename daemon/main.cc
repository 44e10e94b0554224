#include <cstdio>
#include <variant>

#include "daemon/host/access.h"
#include "daemon/host/configure.h"
#include "daemon/host/idle_memory.h"
#include "daemon/host/operator_log.h"
#include "daemon/service.h"

namespace {

/// The configuration cannot be used: EX_CONFIG, sysexits.h.
int Refuse(const migrationd::core::Error& error) {
  std::fprintf(stderr, "migrationd: %s. %s\n", error.message.c_str(), error.hint.c_str());
  return 78;
}

}  // namespace

int main(int argc, char** argv) {
  namespace host = migrationd::host;
  host::IdleMemory::Tune();
  const auto parsed = host::ParseOptions(argc, argv);
  if (const int* code = std::get_if<int>(&parsed)) return *code;
  const auto& options = std::get<host::Options>(parsed);

  const host::Surroundings surroundings = host::ReadSurroundings();
  const auto config = host::Configure(options, surroundings);
  if (!config) return Refuse(config.error());
  auto access = host::AccessPolicy::Make(config->operator_group, config->viewer_group);
  if (!access) return Refuse(access.error());
  auto log = host::OperatorLog::Make(config->log_level, options.private_fd.has_value());
  if (!log) return Refuse(log.error());
  if (options.check_config) {
    std::puts("The configuration is good.");
    return 0;
  }
  return migrationd::Service(*config, surroundings, *access, *log).Run(options.private_fd);
}

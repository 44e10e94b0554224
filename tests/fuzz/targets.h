#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace migrationd::fuzz {

/// Takes any bytes. Ends the process when a promise of the code is broken.
using Target = void (*)(std::string_view bytes);

void FuzzVersion(std::string_view bytes);
void FuzzStateFile(std::string_view bytes);
void FuzzRunLog(std::string_view bytes);
void FuzzWorkerMessages(std::string_view bytes);
void FuzzTerminalOutput(std::string_view bytes);
void FuzzScriptOutput(std::string_view bytes);
void FuzzConfig(std::string_view bytes);

/// A promise: when it is broken, says which and aborts, so that fuzzers and tests notice.
inline void Require(bool kept, const char* promise) {
  if (kept) return;
  std::fprintf(stderr, "broken: %s\n", promise);
  std::abort();
}

}  // namespace migrationd::fuzz

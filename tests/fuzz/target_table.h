#pragma once

#include <array>
#include <string_view>

#include "tests/fuzz/targets.h"

namespace migrationd::fuzz {

struct NamedTarget {
  std::string_view name;  ///< Also of its folder in corpus/.
  Target run;
};

constexpr std::array kTargets{
    NamedTarget{"version", FuzzVersion},
    NamedTarget{"state_file", FuzzStateFile},
    NamedTarget{"run_log", FuzzRunLog},
    NamedTarget{"worker_messages", FuzzWorkerMessages},
    NamedTarget{"terminal_output", FuzzTerminalOutput},
    NamedTarget{"script_output", FuzzScriptOutput},
    NamedTarget{"config", FuzzConfig},
};

}  // namespace migrationd::fuzz

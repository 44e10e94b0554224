#include "daemon/script/exit_status.h"

#include <sys/wait.h>

#include <cstring>

namespace migrationd::script {

std::string DescribeStatus(int status) {
  if (!WIFSIGNALED(status)) {
    return "ended with exit code " + std::to_string(WEXITSTATUS(status));
  }
  const int signal = WTERMSIG(status);
  const char* abbreviation = ::sigabbrev_np(signal);
  const char* description = ::sigdescr_np(signal);
  if (abbreviation == nullptr || description == nullptr) {
    return "was killed by signal " + std::to_string(signal);
  }
  return std::string("was killed by SIG") + abbreviation + " (" + description + ")";
}

}  // namespace migrationd::script

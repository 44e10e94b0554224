#include "daemon/script/verdict.h"

#include <sys/wait.h>

#include <csignal>
#include <utility>

#include "daemon/core/text.h"
#include "daemon/script/exit_status.h"

namespace migrationd::script {
namespace {

using core::Failure;
using core::Phase;

std::string Place(Phase phase) {
  switch (phase) {
    case Phase::kStart:
      return "before the script was loaded";
    case Phase::kLoad:
      return "while the script was loaded";
    case Phase::kCheck:
      return "in check()";
    case Phase::kMigrate:
      return "in migrate()";
    case Phase::kVerify:
      return "in check() after migrate()";
  }
  return {};
}

std::string WithoutReport(const Evidence& evidence) {
  if (!evidence.status) return "the process ended without a result " + Place(evidence.phase);
  std::string message =
      "the process " + DescribeStatus(*evidence.status) + " " + Place(evidence.phase);
  if (WIFEXITED(*evidence.status)) {
    message += "; a script must return, and neither end its process nor close its descriptors";
  } else if (WTERMSIG(*evidence.status) == SIGKILL) {
    message += "; the kernel does that when memory runs out";
  }
  return message;
}

Failure FailureOf(Evidence& evidence) {
  Failure failure;
  failure.phase = evidence.phase;
  if (evidence.report && evidence.report->fields.size() == 4) {
    auto& fields = evidence.report->fields;
    failure.phase = core::FromName<Phase>(fields[0]).value_or(evidence.phase);
    failure.message = core::ToValidUtf8(fields[1]);
    failure.exception_type = core::ToValidUtf8(fields[2]);
    failure.traceback = core::ToValidUtf8(fields[3]);
  } else {
    failure.message = WithoutReport(evidence);
  }
  if (evidence.status && WIFEXITED(*evidence.status)) {
    failure.exit_code = WEXITSTATUS(*evidence.status);
  }
  if (evidence.status && WIFSIGNALED(*evidence.status)) failure.signal = WTERMSIG(*evidence.status);
  failure.last_output = std::move(evidence.last_output);
  return failure;
}

}  // namespace

Verdict Judge(Evidence evidence) {
  if (evidence.report && evidence.report->kind == 'R' && !evidence.report->fields.empty()) {
    const std::string& result = evidence.report->fields[0];
    if (result == "applied") return core::ScriptApplied{};
    if (result == "already applied") return core::ScriptWasApplied{};
    if (result == "pending") return core::ScriptPending{};
  }
  Failure failure = FailureOf(evidence);
  switch (evidence.break_off) {
    case BreakOff::kNone:
      return core::ScriptFailed{std::move(failure)};
    case BreakOff::kStopped:
      failure.message = "stopped on request " + Place(failure.phase);
      return core::ScriptStopped{std::move(failure)};
    case BreakOff::kTimedOut:
      failure.message = "did not end within " + core::FormatDuration(evidence.timeout) +
                        "; stopped " + Place(failure.phase);
      return core::ScriptTimedOut{std::move(failure)};
  }
  return core::ScriptFailed{std::move(failure)};
}

core::Failure StartFailure(const core::Error& error) {
  core::Failure failure;
  failure.message = error.message;
  if (!error.hint.empty()) failure.message += " " + error.hint;
  return failure;
}

}  // namespace migrationd::script

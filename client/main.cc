#include <signal.h>
#include <string.h>

#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "client/address.h"
#include "client/command_line.h"
#include "client/console.h"
#include "client/dialer.h"
#include "client/exit_code.h"
#include "client/private_daemon.h"
#include "client/session.h"
#include "client/verbs/verbs.h"

namespace telec {
namespace {

Result<std::unique_ptr<Dialer>> MakeDialer(const CommonOptions& options, Console& console) {
  if (options.local) return std::unique_ptr<Dialer>(new PrivateDaemon(options, console));
  auto addresses = FindAddresses(options.host);
  if (!addresses) return addresses.error();
  return std::unique_ptr<Dialer>(new SocketDialer(*std::move(addresses)));
}

struct Perform {
  Result<ExitCode> operator()(const RunOptions& verb) { return Migrate(verb, session); }
  Result<ExitCode> operator()(const StatusOptions& verb) { return ShowStatus(verb, session); }
  Result<ExitCode> operator()(const HistoryOptions& verb) { return ShowHistory(verb, session); }
  Result<ExitCode> operator()(const WatchOptions& verb) { return WatchRun(verb, session); }
  Result<ExitCode> operator()(const LogsOptions& verb) { return ShowLogs(verb, session); }
  Result<ExitCode> operator()(const CancelOptions& verb) { return CancelRun(verb, session); }
  Result<ExitCode> operator()(const ResolveOptions& verb) {
    return ResolveMigration(verb, session);
  }
  Result<ExitCode> operator()(const BaselineOptions& verb) { return SetBaseline(verb, session); }

  Session& session;
};

ExitCode Fail(const Error& error, Console& console) {
  console.Fail(error);
  return ExitCodeOf(error);
}

ExitCode Execute(const Command& command, Console& console) {
  auto made = MakeDialer(command.common, console);
  if (!made) return Fail(made.error(), console);
  std::unique_ptr<Dialer> dialer = *std::move(made);
  Session session{command.common, console, *dialer};
  const Result<ExitCode> outcome = std::visit(Perform{session}, command.verb);
  const ExitCode code = outcome ? *outcome : Fail(dialer->Explain(outcome.error()), console);
  // A daemon of this command's own is waited for. A connection is closed by the end of the process,
  // which is due: gRPC would end its threads first.
  if (!command.common.local) static_cast<void>(dialer.release());
  return code;
}

ExitCode Main(std::span<const char* const> arguments) {
  // A reader that goes away is noticed where it is written to.
  signal(SIGPIPE, SIG_IGN);
  const auto parsed = ParseCommandLine(arguments);
  if (!parsed) {
    const auto format = AsksForJson(arguments) ? OutputFormat::kJson : OutputFormat::kText;
    Console console(TraitsOf(format, ColourMode::kAuto));
    return Fail(parsed.error(), console);
  }
  if (const auto* information = std::get_if<Information>(&*parsed)) {
    Console(ConsoleTraits{}).Print(information->text);
    return ExitCode::kDone;
  }
  const Command& command = *std::get_if<Command>(&*parsed);
  Console console(TraitsOf(command.common.output, command.common.colour));
  const ExitCode code = Execute(command, console);
  if (const int error = console.PrintError(); error != 0 && code == ExitCode::kDone) {
    return Fail(Error{"DATA_LOSS", "OUTPUT_FAILED",
                      std::string("cannot write the answer to stdout: ") + strerror(error), ""},
                console);
  }
  return code;
}

}  // namespace
}  // namespace telec

int main(int argc, char** argv) {
  const std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
  const telec::ExitCode code = telec::Main(words.subspan(words.empty() ? 0 : 1));
  // All that is ours is written and closed. What libraries would still take down goes with the
  // process, and who waits for this command does not wait for that.
  std::_Exit(static_cast<int>(code));
}

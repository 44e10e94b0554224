#include "client/views/run_view.h"

#include "client/views/json_view.h"
#include "client/views/plain_view.h"
#include "client/views/terminal_view.h"

namespace telec {

std::unique_ptr<RunView> MakeRunView(Session& session) {
  if (session.console.json()) return std::make_unique<JsonView>(session.console);
  if (session.console.redraws()) return std::make_unique<TerminalView>(session);
  return std::make_unique<PlainView>(session);
}

}  // namespace telec

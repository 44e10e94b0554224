#include <algorithm>

#include "client/follower.h"
#include "client/text/json.h"
#include "client/verbs/verbs.h"
#include "client/views/history_text.h"
#include "client/views/run_view.h"

namespace telec {
namespace {

constexpr unsigned kLargestPage = 1000;

/// The events of one run, as far as they are recorded now.
Result<ExitCode> ShowRun(const std::string& run, Session& session) {
  auto service = session.dialer.Reach();
  if (!service) return service.error();
  api::WatchRequest request;
  request.set_run_id(run);
  request.set_no_follow(true);
  const std::unique_ptr<RunView> view = MakeRunView(session);
  const auto stream = (*service)->Watch(request);
  const Console::Gathering together(session.console);
  const auto show = [&] { session.console.Flush(); };
  while (const auto* response = stream->Next(show)) view->OnEvent(*response);
  if (const auto error = stream->End()) return *error;
  return ExitCode::kDone;
}

}  // namespace

Result<ExitCode> ShowHistory(const HistoryOptions& options, Session& session) {
  if (!options.run.empty()) return ShowRun(options.run, session);
  auto service = session.dialer.Reach();
  if (!service) return service.error();
  api::ListRunsResponse all;
  do {
    api::ListRunsRequest request;
    const auto left = options.limit - static_cast<unsigned>(all.runs_size());
    request.set_page_size(std::min(left, kLargestPage));
    request.set_page_token(all.next_page_token());
    auto page = (*service)->ListRuns(request);
    if (!page) return page.error();
    all.set_next_page_token(page->next_page_token());
    for (api::RunSummary& run : *page->mutable_runs()) all.add_runs()->Swap(&run);
  } while (!all.next_page_token().empty() &&
           static_cast<unsigned>(all.runs_size()) < options.limit);
  Console& console = session.console;
  if (console.json()) {
    console.Print(ToJsonLine(all));
  } else if (all.runs().empty()) {
    console.Print("Nothing was run yet.\n");
  } else {
    console.Print(HistoryText(all.runs(), console.out_style()));
    if (!all.next_page_token().empty()) console.Notice("There are older ones: see --limit.");
  }
  return ExitCode::kDone;
}

}  // namespace telec

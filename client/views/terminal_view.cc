#include "client/views/terminal_view.h"

#include "client/text/duration.h"
#include "client/text/visible.h"
#include "client/views/progress_text.h"

namespace telec {
namespace {

/// Often enough to look alive, and seldom enough to cost nothing.
constexpr std::chrono::milliseconds kPeriod{100};

}  // namespace

TerminalView::TerminalView(Session& session) : PlainView(session) {
  thread_ = std::thread([this] { DrawNowAndThen(); });
}

TerminalView::~TerminalView() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  ends_changed_.notify_all();
  thread_.join();
  session().console.SetStatusLine("");
}

void TerminalView::OnEvent(const api::RunResponse& response) {
  PlainView::OnEvent(response);
  const std::lock_guard lock(mutex_);
  Note(response.event());
}

void TerminalView::Note(const api::Event& event) {
  if (event.has_migration_started()) {
    label_ = Position() + " " + MakeVisible(event.migration_started().migration_id());
    progress_.Clear();
    started_ = Clock::now();
  } else if (event.has_progress_reported()) {
    progress_ = event.progress_reported();
  } else if (event.has_run_ended()) {
    label_.clear();
    Redraw();
  }
}

void TerminalView::DrawNowAndThen() {
  std::unique_lock lock(mutex_);
  while (!ends_changed_.wait_for(lock, kPeriod, [this] { return ends_; })) Redraw();
}

void TerminalView::Redraw() {
  session().console.SetStatusLine(label_.empty() ? "" : Line(session().console.Columns()));
}

std::string TerminalView::Line(std::size_t columns) const {
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
  const std::string time = " " + FormatDuration(elapsed);
  // The last column stays free: some terminals wrap as soon as it is written.
  const std::size_t room = columns > time.size() + 1 ? columns - time.size() - 1 : 0;
  return Shortened(label_ + ProgressText(progress_), room) + time;
}

}  // namespace telec

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "client/views/plain_view.h"

namespace telec {

/// What PlainView prints, and below it one line that is drawn again: the current migration, its
/// progress, its time.
class TerminalView final : public PlainView {
 public:
  explicit TerminalView(Session& session);
  ~TerminalView() override;
  void OnEvent(const api::RunResponse& response) override;

 protected:
  /// The line at the bottom tells.
  void OnProgress(const api::Event& /*event*/) override {}

 private:
  using Clock = std::chrono::steady_clock;

  void Note(const api::Event& event);
  void Redraw();
  std::string Line(std::size_t columns) const;
  void DrawNowAndThen();

  std::mutex mutex_;
  std::condition_variable ends_changed_;
  bool ends_ = false;
  std::string label_;  ///< "[ 3/12] 1.2.0/003_x.py"; empty: no migration is running.
  api::ProgressReported progress_;
  Clock::time_point started_;
  std::thread thread_;  ///< The time goes on while no event comes.
};

}  // namespace telec

#pragma once

#include <cstdint>
#include <string>

#include "client/views/run_view.h"

namespace telec {

/// Lines that are never taken back: one for each migration, its output before it, and at the end
/// what came of the run.
class PlainView : public RunView {
 public:
  explicit PlainView(Session& session) : session_(session) {}
  void OnEvent(const api::RunResponse& response) override;

 protected:
  Session& session() { return session_; }
  std::uint64_t total() const { return total_; }
  /// "[ 3/12]" for the current migration.
  std::string Position() const;
  /// Prints how far a migration is, at most once a second of the run's time.
  virtual void OnProgress(const api::Event& event);

 private:
  void OnRunStarted(const api::RunStarted& fact, const std::string& run_id);
  void OnMigrationEnded(const api::MigrationEnded& fact);
  void OnRunEnded(const api::RunEnded& fact, const std::string& run_id);
  void OnCancelRequested(const api::CancelRequested& fact);
  void OnRechecked(const api::MigrationRechecked& fact);
  void Print(const std::string& line);

  Session& session_;
  std::uint64_t total_ = 0;
  std::uint64_t position_ = 0;
  std::int64_t progress_told_us_ = 0;  ///< Of the run's own time.
  std::string failed_migration_;       ///< The one that the run halted at.
};

}  // namespace telec

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/api.h"
#include "tests/support/temp_directory.h"

namespace telec::testing {

/// An error as the daemon sends it.
struct Refusal {
  int code = 9;  ///< Number of the gRPC code; 9 is FAILED_PRECONDITION.
  std::string reason = {};
  std::string message = {};
  std::string hint = {};
};

/// A daemon that says what a story has it say, on a real socket. Not told anything, it has an empty
/// plan and no runs.
class FakeDaemon {
 public:
  FakeDaemon();
  ~FakeDaemon();
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;

  const std::string& socket() const { return socket_; }

  // ---- What it says ----
  void Plans(const api::Plan& plan);
  void HasStatus(const api::HostStatus& status);
  void HasHistory(const std::vector<api::RunSummary>& runs);
  /// The next call of `method` ("Run", "Plan" …) is refused, once.
  void Refuses(const std::string& method, const Refusal& refusal);
  /// Its run has these facts. Event numbers and times are added.
  void Runs(const std::vector<api::Event>& facts);
  /// It sends each event alone, whatever its clients accept; else all that come together.
  void IsOlder();
  /// Streams stop before the event with that number and wait, until GoesOn.
  void PausesBefore(std::uint64_t sequence);
  void GoesOn();
  void GoesOnUntilBefore(std::uint64_t sequence);
  /// The run goes on with these facts instead of those that were not told yet.
  void GoesOnWith(const std::vector<api::Event>& facts);
  /// Every connection breaks, nobody listens any more; and then somebody does again.
  void Stops();
  void Starts();

  // ---- What it was asked ----
  std::vector<api::PlanRequest> plan_requests() const;
  std::vector<api::RunRequest> run_requests() const;
  std::vector<api::WatchRequest> watch_requests() const;
  std::vector<api::ResolveRequest> resolve_requests() const;
  std::vector<api::BaselineRequest> baseline_requests() const;
  /// Waits for the `count`th Cancel of the story, and gives it.
  api::CancelRequest AwaitCancel(std::size_t count = 1);
  /// Waits for the `count`th Watch.
  api::WatchRequest AwaitWatch(std::size_t count = 1);

  static constexpr const char* kRunId = "7-ab12";

 private:
  class Service;

  const migrationd::support::TempDirectory directory_;
  const std::string socket_;
  const std::unique_ptr<Service> service_;
  struct Listening;
  std::unique_ptr<Listening> listening_;
};

}  // namespace telec::testing

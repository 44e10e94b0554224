#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "client/service.h"
#include "client/session.h"
#include "client/views/run_view.h"

namespace telec {

/// Shows a run from where it is to its end, whatever happens to the connection: a broken one is
/// replaced, and the run goes on to be shown after the last event that was seen, without gap or
/// repeat. Ctrl-C and departure come from another thread.
class Follower {
 public:
  struct Traits {
    /// How long contact may be lost before it is given up.
    std::chrono::milliseconds patience = std::chrono::seconds(30);
    /// Leave after the first event: it proves that the run exists.
    bool first_event_only = false;
  };

  /// What is known when it returns.
  struct Report {
    std::string run_id;
    std::optional<api::RunEnded> end;  ///< Absent: left before the end.
  };

  /// All must outlive this.
  Follower(Session& session, RunView& view, Traits traits)
      : session_(session), view_(view), traits_(traits) {}

  /// Starts a run on `service`, or joins it: a retry has the same request_id. Errors as the API's
  /// Run; CONTACT_LOST.
  Result<Report> Run(std::shared_ptr<Service> service, const api::RunRequest& request);

  /// Follows a run that exists. Errors as the API's Watch; CONTACT_LOST.
  Result<Report> Watch(std::shared_ptr<Service> service, const api::WatchRequest& request);

  /// One step further towards the end: stop after the current migration; stop it now; leave. From
  /// any thread.
  void Stop();

  /// Stops following; the run goes on. From any thread.
  void Leave();

 private:
  std::unique_ptr<EventStream> Open(const std::shared_ptr<Service>& service);
  Result<Report> Follow(std::shared_ptr<Service> service);
  void ReadEvents(EventStream& stream);
  void Take(const api::RunResponse& response);
  bool MayRetry(const std::optional<Error>& error) const;
  bool StartAgain(const Error& error);
  Result<std::shared_ptr<Service>> ReachAgain(const std::string& why);
  void PassOnStop();
  Error ContactLost(const Error& last) const;

  Session& session_;
  RunView& view_;
  const Traits traits_;

  /// The reading thread's own.
  std::optional<api::RunRequest> run_request_;
  api::WatchRequest watch_request_;  ///< With the position that was reached.
  std::optional<api::RunEnded> end_;
  std::optional<std::chrono::steady_clock::time_point> lost_since_;

  mutable std::mutex mutex_;
  std::condition_variable left_changed_;
  bool left_ = false;
  int stops_ = 0;            ///< How often Stop was called,
  int stops_passed_on_ = 0;  ///< and of how many of these the daemon knows.
  std::string run_id_;
  std::shared_ptr<Service> service_;
  std::shared_ptr<EventStream> stream_;
};

}  // namespace telec

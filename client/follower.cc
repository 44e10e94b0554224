#include "client/follower.h"

#include <algorithm>
#include <utility>

#include "client/session.h"

namespace telec {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{1000};

/// The transport's failures, and a daemon on its way out, say nothing about the run.
bool IsLostContact(const Error& error) {
  if (error.reason == "SHUTTING_DOWN" || error.reason == "DAEMON_UNREACHABLE") return true;
  // CANCELLED: the daemon's, which ends its calls when it stops; one of ours is left behind.
  return error.reason.empty() && (error.code == "UNAVAILABLE" || error.code == "CANCELLED");
}

}  // namespace

Result<Follower::Report> Follower::Run(std::shared_ptr<Service> service,
                                       const api::RunRequest& request) {
  run_request_ = request;
  return Follow(std::move(service));
}

Result<Follower::Report> Follower::Watch(std::shared_ptr<Service> service,
                                         const api::WatchRequest& request) {
  watch_request_ = request;
  {
    const std::lock_guard lock(mutex_);
    run_id_ = request.run_id();
  }
  return Follow(std::move(service));
}

Result<Follower::Report> Follower::Follow(std::shared_ptr<Service> service) {
  for (;;) {
    const std::shared_ptr<EventStream> stream = Open(service);
    {
      const std::lock_guard lock(mutex_);
      service_ = service;
      stream_ = stream;
      if (left_) stream->Abandon();
    }
    PassOnStop();
    ReadEvents(*stream);
    const std::optional<Error> error = stream->End();
    {
      const std::lock_guard lock(mutex_);
      stream_.reset();
      if (end_ || left_) return Report{run_id_, end_};
    }
    if (error && StartAgain(*error)) continue;
    if (!MayRetry(error)) return *error;
    auto again = ReachAgain(error ? error->message : "the daemon ended the stream");
    if (!again) return again.error();
    if (*again == nullptr) return Report{run_id_, std::nullopt};
    service = *std::move(again);
  }
}

std::unique_ptr<EventStream> Follower::Open(const std::shared_ptr<Service>& service) {
  // Until its first event has come, a run may not exist: ask for it again, under the same id.
  if (run_request_ && watch_request_.after_sequence() == 0) return service->Run(*run_request_);
  return service->Watch(watch_request_);
}

void Follower::ReadEvents(EventStream& stream) {
  Console& console = session_.console;
  const Console::Gathering together(console);
  const auto show = [this, &console] {
    console.Flush();
    if (!console.CanPrint()) Leave();
  };
  while (const auto* response = stream.Next(show)) {
    const bool event_was_last = response->event().has_run_ended();
    Take(*response);
    if (event_was_last) continue;
    if (traits_.first_event_only || !console.CanPrint()) {
      Leave();
      return stream.Abandon();
    }
  }
}

void Follower::Take(const api::RunResponse& response) {
  const api::Event& event = response.event();
  if (event.sequence() <= watch_request_.after_sequence()) return;
  lost_since_.reset();
  watch_request_.set_run_id(response.run_id());
  watch_request_.set_after_sequence(event.sequence());
  watch_request_.set_after_time_unix_us(event.time_unix_us());
  view_.OnEvent(response);
  {
    const std::lock_guard lock(mutex_);
    run_id_ = response.run_id();
    if (event.has_run_ended()) end_ = event.run_ended();
  }
  PassOnStop();
}

bool Follower::MayRetry(const std::optional<Error>& error) const {
  if (!error) return true;
  // A daemon that is stopping and says so before there is a run refuses it.
  if (error->reason == "SHUTTING_DOWN" && watch_request_.after_sequence() == 0) return false;
  return IsLostContact(*error);
}

bool Follower::StartAgain(const Error& error) {
  if (error.reason != "POSITION_UNKNOWN" || watch_request_.after_sequence() == 0) return false;
  session_.console.Warn(
      "the daemon's log of this run does not have the last event that was shown (" + error.message +
      "); the run is shown again from its beginning");
  watch_request_.set_after_sequence(0);
  watch_request_.clear_after_time_unix_us();
  run_request_.reset();
  return true;
}

Result<std::shared_ptr<Service>> Follower::ReachAgain(const std::string& why) {
  if (!lost_since_) {
    lost_since_ = Clock::now();
    session_.console.Notice("Lost contact (" + why + "); trying to re-attach …");
  }
  Error last{"UNAVAILABLE", "", why, ""};
  for (auto pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    {
      std::unique_lock lock(mutex_);
      service_.reset();
      if (left_changed_.wait_for(lock, pause, [this] { return left_; })) {
        return std::shared_ptr<Service>();
      }
    }
    if (Clock::now() - *lost_since_ > traits_.patience) return ContactLost(last);
    auto service = session_.dialer.Reach();
    if (service) return service;
    if (!IsLostContact(service.error())) return service.error();
    last = service.error();
  }
}

Error Follower::ContactLost(const Error& last) const {
  Error error{"UNAVAILABLE", "CONTACT_LOST",
              "contact with the daemon was lost and not found again: " + last.message, last.hint};
  if (!watch_request_.run_id().empty()) {
    error.hint = "The run belongs to the daemon. Once it is back: " +
                 CommandFor(session_.options, "watch " + watch_request_.run_id());
  }
  return error;
}

void Follower::Stop() {
  int stage = 0;
  {
    const std::lock_guard lock(mutex_);
    stage = ++stops_;
    if (end_) return;
  }
  if (stage == 1) {
    session_.console.Notice("Stopping after the current migration. Ctrl-C again stops it now.");
  } else if (stage == 2) {
    session_.console.Notice(
        "Stopping the current migration now. Ctrl-C again leaves it to the daemon.");
  } else {
    return Leave();
  }
  PassOnStop();
}

void Follower::PassOnStop() {
  std::shared_ptr<Service> service;
  api::CancelRequest request;
  int stops = 0;
  {
    const std::lock_guard lock(mutex_);
    // Without a run, or without contact, it waits until there is one.
    if (stops_ == stops_passed_on_ || end_ || run_id_.empty() || service_ == nullptr) return;
    service = service_;
    stops = std::exchange(stops_passed_on_, stops_);
    request.set_run_id(run_id_);
    request.set_mode(stops_ > 1 ? api::CANCEL_MODE_NOW : api::CANCEL_MODE_AFTER_CURRENT);
  }
  const auto answer = service->Cancel(request);
  // A run that ended in between has stopped.
  if (answer || answer.error().reason == "NO_RUN_IN_PROGRESS") return;
  if (IsLostContact(answer.error())) {
    const std::lock_guard lock(mutex_);
    stops_passed_on_ = stops;
    return;
  }
  session_.console.Warn("the run was not asked to stop: " + answer.error().message);
}

void Follower::Leave() {
  const std::lock_guard lock(mutex_);
  left_ = true;
  if (stream_ != nullptr) stream_->Abandon();
  left_changed_.notify_all();
}

}  // namespace telec

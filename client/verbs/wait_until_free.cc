#include "client/verbs/wait_until_free.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "client/text/visible.h"
#include "client/text/words.h"

namespace telec {
namespace {

/// Abandons a stream at a point in time, unless it is destroyed before.
class Alarm {
 public:
  Alarm(EventStream& stream, std::chrono::steady_clock::time_point when)
      : thread_([this, &stream, when] {
          std::unique_lock lock(mutex_);
          if (!changed_.wait_until(lock, when, [this] { return off_; })) stream.Abandon();
        }) {}
  ~Alarm() {
    {
      const std::lock_guard lock(mutex_);
      off_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool off_ = false;
  std::thread thread_;
};

/// Whether the run ended before `deadline`.
Result<bool> EndsBefore(const api::RunSummary& run, Service& service,
                        std::chrono::steady_clock::time_point deadline) {
  api::WatchRequest request;
  request.set_run_id(run.run_id());
  request.set_after_sequence(run.last_sequence());
  const auto stream = service.Watch(request);
  const Alarm alarm(*stream, deadline);
  bool ended = false;
  while (const auto* response = stream->Next()) ended |= response->event().has_run_ended();
  const auto error = stream->End();
  if (ended) return true;
  if (std::chrono::steady_clock::now() >= deadline) return false;
  return error.value_or(Error{"UNAVAILABLE", "", "the daemon ended the stream", ""});
}

}  // namespace

Result<bool> WaitUntilFree(Service& service, std::chrono::steady_clock::time_point deadline,
                           Session& session) {
  std::string waited_for;
  for (;;) {
    const auto answer = service.Status();
    if (!answer) return answer.error();
    if (!answer->status().has_current_run()) return true;
    const api::RunSummary& run = answer->status().current_run();
    const std::string who = "run " + MakeVisible(run.run_id()) + " of " + NameOf(run.requester()) +
                            ", since " + FormatTime(run.started_unix_us());
    if (waited_for != run.run_id()) session.console.Notice("Waiting for " + who + ".");
    waited_for = run.run_id();
    const auto ended = EndsBefore(run, service, deadline);
    if (!ended) return ended.error();
    if (!*ended) {
      return Error{"ABORTED", "RUN_IN_PROGRESS", who + ", did not end in the time given by --wait",
                   "Wait longer, or look at it: " +
                       CommandFor(session.options, "watch " + MakeVisible(run.run_id()))};
    }
  }
}

}  // namespace telec

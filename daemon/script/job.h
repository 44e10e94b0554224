#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/core/ports.h"
#include "daemon/script/extinction.h"
#include "daemon/script/output_capture.h"
#include "daemon/script/runner_options.h"
#include "daemon/script/scripts_lock.h"
#include "daemon/script/spare.h"
#include "daemon/script/spare_pool.h"
#include "daemon/script/strays.h"
#include "daemon/script/verdict.h"

namespace migrationd::script {

/// One script from its start until nothing of it is alive. Loop thread only.
class Job : public std::enable_shared_from_this<Job> {
 public:
  struct Surroundings {
    asio::io_context& io;
    const RunnerOptions& options;
    SparePool& pool;
    const Strays& strays;
    ScriptsLock* lock;  ///< May be null.
  };

  /// `done` is called once, when all is over, with how it ended; the listener is told the rest.
  Job(const Surroundings& surroundings, core::ScriptJob job, core::ScriptListener& listener,
      std::function<void(core::ScriptEnd)> done);

  /// Ends what lives of it, and waits for that; `done` is not called any more.
  ~Job();

  /// Runs it in `spare`; `prepared`: that has the script already.
  void Run(std::shared_ptr<Spare> spare, bool prepared);

  /// Lets it go on after its check(). Its time counts from here.
  void Proceed();

  /// It cannot be run at all.
  void Refuse(const core::Error& error);

  /// Ends it before its time. Idempotent.
  void Stop();

 private:
  void SetDeadline();
  void BreakOffBy(BreakOff reason);
  void OnMessage(const Message& message);
  void OnOutput(core::OutputStream stream, std::string_view bytes);
  void OnExit();
  void EndTree(std::chrono::milliseconds grace);
  void OnTreeEnded(std::map<pid_t, std::string> ended);
  void Conclude();
  void Finish(Evidence evidence);
  void TellUnfinishedLinesLater();
  std::vector<pid_t> Living() const;

  Surroundings surroundings_;
  core::ScriptJob job_;
  core::ScriptListener& listener_;
  std::function<void(core::ScriptEnd)> done_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::chrono::seconds timeout_;

  std::shared_ptr<Spare> spare_;
  OutputCapture capture_;
  asio::steady_timer deadline_;
  asio::steady_timer unfinished_lines_;
  bool telling_later_ = false;
  std::shared_ptr<Extinction> extinction_;

  BreakOff break_off_ = BreakOff::kNone;
  std::optional<Message> report_;
  bool proceeds_ = false;
  bool exited_ = false;
  bool tree_ended_ = false;
  std::vector<std::string> notices_;
};

}  // namespace migrationd::script

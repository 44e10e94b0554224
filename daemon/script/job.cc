#include "daemon/script/job.h"

#include <asio/post.hpp>
#include <utility>

#include "daemon/core/text.h"

namespace migrationd::script {
namespace {

// A prompt, or a row of dots, is shown although its line is not complete.
constexpr std::chrono::milliseconds kUnfinishedLineDelay{200};

std::string PurposeName(core::ScriptJob::Purpose purpose) {
  return purpose == core::ScriptJob::Purpose::kCheck ? "check" : "migrate";
}

}  // namespace

Job::Job(const Surroundings& surroundings, core::ScriptJob job, core::ScriptListener& listener,
         std::function<void(core::ScriptEnd)> done)
    : surroundings_(surroundings),
      job_(std::move(job)),
      listener_(listener),
      done_(std::move(done)),
      timeout_(job_.timeout.value_or(surroundings.options.default_timeout)),
      capture_(surroundings.options.output,
               [this](core::OutputStream stream, std::string text) {
                 listener_.OnOutput(stream, std::move(text));
               }),
      deadline_(surroundings.io),
      unfinished_lines_(surroundings.io) {}

Job::~Job() {
  if (!spare_) return;
  spare_->Detach();
  if (done_) EndAtOnce([this] { return Living(); });
}

void Job::Run(std::shared_ptr<Spare> spare, bool prepared) {
  if (!done_) return;
  spare_ = std::move(spare);
  if (surroundings_.lock != nullptr) surroundings_.lock->NoteSession(spare_->pid());
  const std::string purpose = PurposeName(job_.purpose);
  std::vector<std::string_view> fields = {purpose, job_.migration_id, job_.run_id,
                                          job_.from_version, job_.to_version};
  if (!prepared) fields.insert(fields.end(), {job_.script.path, *job_.script.bytes});
  std::string messages = PackForStream('J', fields);
  if (proceeds_) messages += PackForStream('C', {});
  spare_->Send(std::move(messages));
  spare_->Attach({
      [this](const Message& message) { OnMessage(message); },
      [this](core::OutputStream stream, std::string_view bytes) { OnOutput(stream, bytes); },
      [this] { OnExit(); },
  });
  SetDeadline();
}

void Job::Proceed() {
  proceeds_ = true;
  if (!spare_ || break_off_ != BreakOff::kNone || exited_) return;
  spare_->Send(PackForStream('C', {}));
  SetDeadline();
}

void Job::SetDeadline() {
  deadline_.expires_after(timeout_);
  deadline_.async_wait([weak = weak_from_this()](const asio::error_code& error) {
    const auto self = weak.lock();
    if (error || !self) return;
    // What it has to wait for may take long; that is not its fault.
    if (self->proceeds_) {
      self->BreakOffBy(BreakOff::kTimedOut);
    } else {
      self->SetDeadline();
    }
  });
}

void Job::Refuse(const core::Error& error) {
  if (!done_) return;
  core::ScriptEnd end;
  end.how = core::ScriptFailed{StartFailure(error)};
  std::exchange(done_, nullptr)(std::move(end));
}

void Job::Stop() { BreakOffBy(BreakOff::kStopped); }

void Job::BreakOffBy(BreakOff reason) {
  if (break_off_ != BreakOff::kNone || !done_) return;
  break_off_ = reason;
  if (!spare_) {
    asio::post(surroundings_.io, [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (!self || !self->done_) return;
      Evidence evidence;
      evidence.break_off = self->break_off_;
      self->Finish(std::move(evidence));
    });
  } else if (!extinction_) {
    EndTree(surroundings_.options.kill_grace);
  }
}

void Job::OnMessage(const Message& message) {
  if (message.kind == 'G' && message.fields.size() == 3) {
    const std::optional<double> done = RealField(message, 0);
    const std::optional<double> total = RealField(message, 1);
    if (done && total) listener_.OnProgress(*done, *total, core::ToValidUtf8(message.fields[2]));
  } else if ((message.kind == 'R' || message.kind == 'F') && !report_) {
    report_ = message;
  }
}

void Job::OnOutput(core::OutputStream stream, std::string_view bytes) {
  capture_.Write(stream, bytes);
  if (capture_.HasUnfinishedLines()) TellUnfinishedLinesLater();
}

void Job::TellUnfinishedLinesLater() {
  if (std::exchange(telling_later_, true)) return;
  unfinished_lines_.expires_after(kUnfinishedLineDelay);
  unfinished_lines_.async_wait([weak = weak_from_this()](const asio::error_code& error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->telling_later_ = false;
    self->capture_.TellUnfinishedLines();
  });
}

void Job::OnExit() {
  exited_ = true;
  deadline_.cancel();
  if (extinction_) {
    if (tree_ended_) Conclude();
    return;
  }
  if (surroundings_.strays.Any()) surroundings_.strays.Reap();
  if (surroundings_.strays.Any()) {
    EndTree(surroundings_.options.kill_grace);
  } else {
    Conclude();
  }
}

void Job::EndTree(std::chrono::milliseconds grace) {
  extinction_ = std::make_shared<Extinction>(
      surroundings_.io, [this] { return Living(); },
      Extinction::Options{.group = spare_->pid(), .grace = grace});
  extinction_->Begin([this](std::map<pid_t, std::string> ended) { OnTreeEnded(std::move(ended)); });
}

std::vector<pid_t> Job::Living() const {
  surroundings_.strays.Reap();
  return surroundings_.strays.Living(spare_->HasEnded() ? 0 : spare_->pid());
}

void Job::OnTreeEnded(std::map<pid_t, std::string> ended) {
  tree_ended_ = true;
  surroundings_.strays.Reap();
  ended.erase(spare_->pid());
  if (break_off_ == BreakOff::kNone && !ended.empty()) {
    notices_.push_back(
        "Processes that the script had left behind were ended: " + DescribeProcesses(ended) + ".");
  }
  if (exited_) Conclude();
}

void Job::Conclude() {
  spare_->Detach();
  // Nobody is left to write more.
  spare_->Drain();
  capture_.Finish();
  Evidence evidence;
  evidence.report = std::move(report_);
  evidence.phase = spare_->phase();
  evidence.break_off = break_off_;
  evidence.timeout = timeout_;
  evidence.last_output = capture_.LastOutput();
  if (evidence.report) {
    Finish(std::move(evidence));
    return;
  }
  surroundings_.pool.Reap(spare_->pid(), [weak = weak_from_this(), evidence = std::move(evidence)](
                                             std::optional<int> status) mutable {
    evidence.status = status;
    if (const auto self = weak.lock()) self->Finish(std::move(evidence));
  });
}

void Job::Finish(Evidence evidence) {
  core::ScriptEnd end;
  end.how = Judge(std::move(evidence));
  end.duration = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - started_);
  end.output = capture_.totals();
  end.notices = std::move(notices_);
  std::exchange(done_, nullptr)(std::move(end));
}

}  // namespace migrationd::script

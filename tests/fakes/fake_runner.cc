#include "tests/fakes/fake_runner.h"

#include <stdexcept>
#include <type_traits>
#include <utility>

#include "tests/fakes/fake_catalogue.h"

namespace migrationd::fakes {
namespace {

core::Failure FailureOf(core::Phase phase, std::string message) {
  core::Failure failure;
  failure.phase = phase;
  failure.message = std::move(message);
  return failure;
}

}  // namespace

ScriptBehaviour& ScriptBehaviour::Prints(std::string text, core::OutputStream stream) {
  totals_.bytes += text.size();
  says_.emplace_back(Output{stream, std::move(text)});
  return *this;
}

ScriptBehaviour& ScriptBehaviour::Reports(double done, double total, std::string message) {
  says_.emplace_back(Progress{done, total, std::move(message)});
  return *this;
}

ScriptBehaviour& ScriptBehaviour::LeavesBehind(std::string notice) {
  notices_.push_back(std::move(notice));
  return *this;
}

ScriptBehaviour& ScriptBehaviour::LosesOutput(std::uint64_t bytes) {
  totals_.bytes += bytes;
  totals_.dropped += bytes;
  return *this;
}

ScriptBehaviour& ScriptBehaviour::Applies() {
  ending_ = Applying{};
  return *this;
}

ScriptBehaviour& ScriptBehaviour::WasApplied() {
  was_applied_ = true;
  return *this;
}

ScriptBehaviour& ScriptBehaviour::FailsIn(core::Phase phase, std::string message) {
  ending_ = core::ScriptFailed{FailureOf(phase, std::move(message))};
  return *this;
}

ScriptBehaviour& ScriptBehaviour::TimesOut() {
  ending_ = core::ScriptTimedOut{
      FailureOf(core::Phase::kMigrate, "it took longer than 300 s and was ended")};
  return *this;
}

ScriptBehaviour& ScriptBehaviour::HangsUntilStopped() {
  ending_ = Hanging{};
  return *this;
}

ScriptBehaviour& FakeRunner::On(const std::string& migration_id) {
  return behaviours_[migration_id] = ScriptBehaviour();
}

void FakeRunner::Parses(const std::string& path, core::ScriptFacts facts) {
  facts_[std::string(FakeCatalogue::kRoot) + "/" + path] = std::move(facts);
}

void FakeRunner::Inspect(std::vector<core::Script> scripts, InspectCallback done) {
  std::vector<core::ScriptFacts> facts;
  for (const core::Script& script : scripts) {
    inspected_.push_back(script.path);
    facts.push_back(facts_[script.path]);
  }
  executor_.Post([this, facts = std::move(facts), done = std::move(done)]() mutable {
    if (interpreter_lost_) {
      done(core::Error{core::Reason::kInterpreterFailed,
                       "cannot start '/usr/bin/python3': No such file or directory",
                       "Install it, or name another one with --python."});
    } else {
      done(std::move(facts));
    }
  });
}

void FakeRunner::Compile(std::vector<core::Script> scripts) {
  for (const core::Script& script : scripts) compiled_.push_back(script.path);
}

void FakeRunner::Prepare(const core::ScriptJob& job) { prepared_.push_back(job.migration_id); }

void FakeRunner::Start(core::ScriptJob job, core::ScriptListener& listener) {
  if (listener_ != nullptr)
    throw std::logic_error(job.migration_id + " was started while " + running_ + " runs");
  running_ = job.migration_id;
  listener_ = &listener;
  life_ = std::make_shared<const int>(0);
  started_.push_back(std::move(job));
}

void FakeRunner::Proceed() {
  proceeded_.push_back(running_);
  Later([this] { Play(); });
}

void FakeRunner::Play() {
  const ScriptBehaviour behaviour = behaviours_[running_];
  const bool check_only = started_.back().purpose == core::ScriptJob::Purpose::kCheck;
  for (const auto& said : behaviour.says_) {
    std::visit(
        [this](const auto& words) {
          if constexpr (std::is_same_v<std::decay_t<decltype(words)>, ScriptBehaviour::Output>) {
            listener_->OnOutput(words.stream, words.text);
          } else {
            listener_->OnProgress(words.done, words.total, words.message);
          }
        },
        said);
  }
  core::ScriptEnd end;
  end.duration = std::chrono::milliseconds(2);
  end.output = behaviour.totals_;
  end.notices = behaviour.notices_;
  if (const auto* failed = std::get_if<core::ScriptFailed>(&behaviour.ending_)) {
    end.how = *failed;
  } else if (const auto* late = std::get_if<core::ScriptTimedOut>(&behaviour.ending_)) {
    end.how = *late;
  } else if (behaviour.was_applied_ || HasEffect(running_)) {
    end.how = core::ScriptWasApplied{};
  } else if (std::holds_alternative<ScriptBehaviour::Hanging>(behaviour.ending_)) {
    return;
  } else if (check_only) {
    end.how = core::ScriptPending{};
  } else {
    effects_.insert(running_);
    end.how = core::ScriptApplied{};
  }
  EndWith(std::move(end));
}

void FakeRunner::Print(std::string text) {
  listener_->OnOutput(core::OutputStream::kStdout, std::move(text));
}

void FakeRunner::Report(double done, double total, std::string message) {
  listener_->OnProgress(done, total, std::move(message));
}

void FakeRunner::Finish() {
  effects_.insert(running_);
  core::ScriptEnd end;
  end.how = core::ScriptApplied{};
  EndWith(std::move(end));
}

void FakeRunner::EndWith(core::ScriptEnd end) {
  running_.clear();
  life_.reset();
  std::exchange(listener_, nullptr)->OnEnd(std::move(end));
}

void FakeRunner::Crash() {
  running_.clear();
  life_.reset();
  listener_ = nullptr;
}

void FakeRunner::Stop() {
  ++stops_;
  if (listener_ == nullptr) return;
  Later([this] {
    core::ScriptEnd end;
    core::Failure failure = FailureOf(core::Phase::kMigrate, "it was stopped");
    failure.signal = 15;
    end.how = core::ScriptStopped{std::move(failure)};
    EndWith(std::move(end));
  });
}

void FakeRunner::Later(std::function<void()> step) {
  executor_.Post([step = std::move(step), life = std::weak_ptr(life_)] {
    if (!life.expired()) step();
  });
}

}  // namespace migrationd::fakes

#include "daemon/script/runner.h"

#include <asio/post.hpp>
#include <utility>

namespace migrationd::script {

Runner::Runner(asio::io_context& io, RunnerOptions options, ScriptsLock* lock)
    : io_(io),
      options_(std::move(options)),
      lock_(lock),
      pool_(io, options_, strays_, lock),
      compiler_(std::make_shared<Compiler>(pool_)),
      idle_(io) {}

Runner::~Runner() {
  inspections_.clear();
  job_.reset();
  next_spare_.reset();
  compiler_.reset();
}

void Runner::Inspect(std::vector<core::Script> scripts, InspectCallback done) {
  idle_.cancel();
  auto inspection =
      std::make_shared<Inspection>(io_, pool_, std::move(scripts), options_.start_timeout);
  inspections_.insert(inspection);
  inspection->Begin([this, key = std::weak_ptr<Inspection>(inspection),
                     done = std::move(done)](core::Result<std::vector<core::ScriptFacts>> facts) {
    inspections_.erase(key.lock());
    RestWhenIdle();
    done(std::move(facts));
  });
}

void Runner::Warm() {
  pool_.Warm();
  RestWhenIdle();
}

void Runner::Compile(std::vector<core::Script> scripts) { compiler_->Compile(std::move(scripts)); }

void Runner::Prepare(const core::ScriptJob& job) {
  next_ = job.script;
  if (next_spare_) {
    SendPrepared();
  } else if (!std::exchange(awaiting_next_spare_, true)) {
    pool_.Take([this](core::Result<std::shared_ptr<Spare>> spare) {
      awaiting_next_spare_ = false;
      if (!spare) return;  // Start() will tell.
      next_spare_ = std::move(*spare);
      if (next_) SendPrepared();
    });
  }
}

void Runner::SendPrepared() {
  const std::string code = compiler_->Take(*next_);
  next_spare_->Send(PackForStream('P', {next_->path, *next_->bytes, code}));
}

bool Runner::IsPrepared(const core::Script& script) const {
  return next_ && next_spare_ && next_->path == script.path &&
         (next_->bytes == script.bytes || *next_->bytes == *script.bytes);
}

void Runner::Start(core::ScriptJob job, core::ScriptListener& listener) {
  idle_.cancel();
  const bool prepared = IsPrepared(job.script);
  job_ = std::make_shared<Job>(Job::Surroundings{io_, options_, pool_, strays_, lock_},
                               std::move(job), listener, [this, &listener](core::ScriptEnd end) {
                                 // It lives on while the next one starts: that one has waited
                                 // enough.
                                 const std::shared_ptr<Job> ended = std::move(job_);
                                 listener.OnEnd(std::move(end));
                               });
  next_.reset();
  if (next_spare_ && pool_.IsUsable(*next_spare_)) {
    job_->Run(std::move(next_spare_), prepared);
    return;
  }
  next_spare_.reset();
  asio::post(io_, [this, weak = std::weak_ptr<Job>(job_)] {
    if (weak.expired()) return;
    pool_.Take([weak](core::Result<std::shared_ptr<Spare>> spare) {
      const std::shared_ptr<Job> waiting = weak.lock();
      if (!waiting) return;
      if (spare) {
        waiting->Run(std::move(*spare), false);
      } else {
        waiting->Refuse(spare.error());
      }
    });
  });
}

void Runner::Proceed() { job_->Proceed(); }

void Runner::Stop() {
  if (job_) job_->Stop();
}

void Runner::Rest() {
  compiler_->LetGo();
  RestWhenIdle();
}

void Runner::RestWhenIdle() {
  idle_.expires_after(options_.idle);
  idle_.async_wait([this](const asio::error_code& error) {
    if (error || job_ || !inspections_.empty()) return;
    next_.reset();
    next_spare_.reset();
    pool_.LetGo();
  });
}

}  // namespace migrationd::script

#include "daemon/script/spare_pool.h"

#include <utility>

#include "daemon/core/text.h"
#include "daemon/script/environment.h"
#include "daemon/script/extinction.h"
#include "daemon/script/process_handle.h"

namespace migrationd::script {
namespace {

// Beside the one that is being got ready for the next script.
constexpr std::size_t kAhead = 1;

// What has ended is reaped on the way of the next fork: a message less for each script. Where none
// comes, it does not stay in the process table for longer.
constexpr std::chrono::milliseconds kSoon{20};

}  // namespace

SparePool::SparePool(asio::io_context& io, const RunnerOptions& options, Strays& strays,
                     ScriptsLock* lock)
    : io_(io), options_(options), strays_(strays), lock_(lock), soon_(io) {}

SparePool::~SparePool() { LetGo(); }

void SparePool::Warm() {
  if (!worker_ && !StartWorker()) return;  // Who takes a spare is told.
  KeepAhead();
}

void SparePool::Take(Taker taker) {
  takers_.push_back(std::move(taker));
  Serve();
}

bool SparePool::IsUsable(Spare& spare) const {
  return children_.contains(spare.pid()) && !spare.HasEnded() && !worker_->HasEnded();
}

void SparePool::Reap(pid_t pid, StatusCallback done) {
  if (children_.erase(pid) != 0) {
    if (done) {
      reaping_[pid] = std::move(done);
      worker_->Reap(pid);
    } else {
      ReapLater(pid);
    }
    return;
  }
  // The worker that forked it is gone: it has become a child of ours.
  const std::optional<int> status = ReapChild(pid);
  if (done) done(status);
}

void SparePool::LetGo() {
  EndWorker();
  // Those that were forked and did not arrive.
  EndAtOnce([this] { return strays_.Living(0); });
  strays_.Reap();
}

void SparePool::Serve() {
  while (!takers_.empty() && !idle_.empty()) {
    const std::shared_ptr<Spare> spare = std::move(idle_.front());
    idle_.pop_front();
    if (!IsUsable(*spare)) continue;
    const Taker taker = std::move(takers_.front());
    takers_.pop_front();
    taker(spare);
  }
  if (!takers_.empty() && !worker_) {
    if (const core::Status started = StartWorker(); !started) {
      RefuseAll(started.error());
      return;
    }
  }
  KeepAhead();
}

void SparePool::KeepAhead() {
  while (worker_ && idle_.size() + asked_ < takers_.size() + kAhead) {
    next_slot_ = (next_slot_ + 1) % PhaseMemory::kSlots;
    if (!worker_->Fork(next_slot_, ended_)) {
      Refuse("there is no descriptor left for it");
      return;
    }
    ended_.clear();
    ++asked_;
  }
}

void SparePool::ReapLater(pid_t pid) {
  ended_.push_back(pid);
  if (ended_.size() == Worker::kMostReaped) ReapNow();
  if (std::exchange(soon_is_set_, true)) return;
  soon_.expires_after(kSoon);
  soon_.async_wait([this](const asio::error_code& error) {
    if (error) return;
    soon_is_set_ = false;
    ReapNow();
  });
}

void SparePool::ReapNow() {
  for (const pid_t pid : std::exchange(ended_, {})) worker_->Reap(pid);
}

core::Status SparePool::StartWorker() {
  // Survivors has it already, where there is one.
  if (lock_ != nullptr) lock_->TryTake();
  const std::string marker = lock_ != nullptr ? lock_->token() : std::string();
  core::Result<WorkerProcess> process =
      script::StartWorker(options_, ScriptEnvironment(OwnEnvironment(), options_, marker),
                          phases_.fd(), lock_ != nullptr ? lock_->fd() : -1);
  if (!process) return process.error();
  worker_pid_ = process->pid;
  strays_.Keep(worker_pid_);
  worker_ = std::make_shared<Worker>(io_, std::move(*process), options_.start_timeout);
  proven_ = false;
  worker_->Listen({
      [this](Worker::NewSpare fresh) { OnSpare(std::move(fresh)); },
      [this](const std::string& reason) { OnNoSpare(reason); },
      [this](pid_t pid, int status) {
        if (auto entry = reaping_.extract(pid)) entry.mapped()(status);
      },
      [this](const std::string& why) { OnDeath(why); },
  });
  return core::Ok();
}

void SparePool::EndWorker() {
  worker_.reset();
  strays_.Forget(worker_pid_);
  asked_ = 0;
  children_.clear();
  ended_.clear();
  for (const std::shared_ptr<Spare>& spare : idle_) spare->EndNow();
  idle_.clear();
  // What it would have reaped has become a child of ours.
  for (auto& [pid, done] : std::exchange(reaping_, {})) done(ReapChild(pid));
}

void SparePool::OnSpare(Worker::NewSpare fresh) {
  proven_ = true;
  if (asked_ > 0) --asked_;
  Spare::Descriptors descriptors{OpenPidfd(fresh.pid), std::move(fresh.control),
                                 std::move(fresh.output), std::move(fresh.errors)};
  if (!descriptors.pidfd) {
    // Without an end to listen to it ends.
    ReapLater(fresh.pid);
    Refuse("there is no descriptor left for it");
    return;
  }
  children_.insert(fresh.pid);
  strays_.Keep(fresh.pid);
  idle_.push_back(std::make_shared<Spare>(io_, fresh.pid, std::move(descriptors),
                                          phases_.Claim(fresh.slot % PhaseMemory::kSlots),
                                          [this](pid_t pid) {
                                            strays_.Forget(pid);
                                            Reap(pid, nullptr);
                                          }));
  Serve();
}

void SparePool::OnNoSpare(const std::string& reason) {
  if (asked_ > 0) --asked_;
  Refuse(reason);
}

void SparePool::Refuse(const std::string& reason) {
  RefuseAll({core::Reason::kInterpreterFailed,
             "No process could be forked for a script: " + reason + ".",
             "Look for a limit on the number of processes or on memory."});
}

void SparePool::OnDeath(const std::string& why) {
  const bool was_proven = proven_;
  EndWorker();
  if (was_proven) {
    if (!takers_.empty()) Serve();
    return;
  }
  RefuseAll(
      {core::Reason::kInterpreterFailed,
       "The Python interpreter " + core::Quote(options_.python) + " does not work: " + why + ".",
       "Set `python` in the configuration to an interpreter of version 3.8 or newer."});
}

void SparePool::RefuseAll(const core::Error& error) {
  for (const Taker& taker : std::exchange(takers_, {})) taker(error);
}

}  // namespace migrationd::script

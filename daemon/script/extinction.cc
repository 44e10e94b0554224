#include "daemon/script/extinction.h"

#include <algorithm>
#include <asio/post.hpp>
#include <csignal>
#include <utility>

#include "daemon/script/process_handle.h"
#include "daemon/script/process_table.h"

namespace migrationd::script {
namespace {

// Of a fork bomb not all are watched at once: descriptors are few. The others follow when these
// have ended.
constexpr std::size_t kWatched = 128;
constexpr std::size_t kNamed = 5;

}  // namespace

Extinction::Extinction(asio::io_context& io, Condemned condemned, Options options)
    : io_(io),
      condemned_(std::move(condemned)),
      options_(options),
      grace_(io),
      killing_(options.grace.count() == 0) {}

void Extinction::Begin(Done done) {
  done_ = std::move(done);
  if (!killing_) {
    grace_.expires_after(options_.grace);
    grace_.async_wait([weak = weak_from_this()](const asio::error_code& error) {
      const auto self = weak.lock();
      if (error || !self) return;
      self->killing_ = true;
      self->PassLater();
    });
  }
  PassLater();
}

void Extinction::PassLater() {
  if (std::exchange(passing_, true)) return;
  asio::post(io_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->passing_ = false;
    self->Pass();
  });
}

void Extinction::Pass() {
  if (!done_) return;
  if (killing_ && options_.group != 0) ::kill(-options_.group, SIGKILL);
  std::vector<pid_t> living = condemned_();
  if (living.empty()) {
    grace_.cancel();
    watched_.clear();
    std::exchange(done_, nullptr)(std::move(ended_));
    return;
  }
  bool vanished = false;
  for (const pid_t pid : living) {
    if (!watched_.contains(pid) && watched_.size() < kWatched) vanished |= !Watch(pid);
  }
  // A pid may have been given to another process before its pidfd was opened. One that is condemned
  // again, now, is the one that the pidfd is of, or a newer one, and then the pidfd reaches nobody.
  living = condemned_();
  for (auto& [pid, victim] : watched_) {
    if (std::find(living.begin(), living.end(), pid) == living.end()) continue;
    if (killing_ ? std::exchange(victim.killed, true) : std::exchange(victim.told, true)) continue;
    ended_.try_emplace(pid, DescribeProcess(pid));
    Signal(victim.pidfd.native_handle());
  }
  if (vanished) PassLater();
}

bool Extinction::Watch(pid_t pid) {
  UniqueFd pidfd = OpenPidfd(pid);
  if (!pidfd) return false;
  auto [entry, added] =
      watched_.try_emplace(pid, Victim{asio::posix::stream_descriptor(io_, pidfd.Release())});
  entry->second.pidfd.async_wait(asio::posix::descriptor_base::wait_read,
                                 [weak = weak_from_this(), pid](const asio::error_code& error) {
                                   const auto self = weak.lock();
                                   if (error || !self) return;
                                   self->watched_.erase(pid);
                                   self->PassLater();
                                 });
  return true;
}

void Extinction::Signal(int pidfd) const {
  SignalProcess(pidfd, killing_ ? SIGKILL : SIGTERM);
  // A stopped process takes TERM only when it goes on.
  if (!killing_) SignalProcess(pidfd, SIGCONT);
}

void EndAtOnce(const Condemned& condemned) {
  for (std::vector<pid_t> living = condemned(); !living.empty(); living = condemned()) {
    std::vector<std::pair<pid_t, UniqueFd>> victims;
    for (const pid_t pid : living) {
      if (victims.size() == kWatched) break;
      if (UniqueFd pidfd = OpenPidfd(pid)) victims.emplace_back(pid, std::move(pidfd));
    }
    living = condemned();
    for (const auto& [pid, pidfd] : victims) {
      if (std::find(living.begin(), living.end(), pid) == living.end()) continue;
      SignalProcess(pidfd.get(), SIGKILL);
      AwaitEnd(pidfd.get());
    }
  }
}

std::string DescribeProcesses(const std::map<pid_t, std::string>& processes) {
  std::string text;
  std::size_t named = 0;
  for (const auto& [pid, description] : processes) {
    if (named == kNamed) return text + " and " + std::to_string(processes.size() - named) + " more";
    text += (named++ == 0 ? "" : ", ") + description;
  }
  return text;
}

}  // namespace migrationd::script

#include "daemon/script/survivors.h"

#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <utility>

#include "daemon/script/environment.h"
#include "daemon/script/process_table.h"

namespace migrationd::script {
namespace {

constexpr const char* kHint =
    "Look at them with `ps`, and end them by hand; a process that waits for a device that does not "
    "answer ends "
    "when that does, or with the machine.";

// Before another look for who holds the lock and was not seen.
constexpr std::chrono::milliseconds kPause{10};

std::string ProcPath(pid_t pid, const std::string& rest) {
  return "/proc/" + std::to_string(pid) + rest;
}

bool HasMarker(pid_t pid, const std::string& marker) {
  // NUL-separated: with one in front, only a whole variable matches.
  const std::string environment = std::string(1, '\0') + ReadProcFile(ProcPath(pid, "/environ"));
  return environment.find(marker) != std::string::npos;
}

bool HasOpen(pid_t pid, const struct stat& file) {
  for (const pid_t fd : NumbersIn(ProcPath(pid, "/fd"))) {
    struct stat target {};
    const std::string path = ProcPath(pid, "/fd/" + std::to_string(fd));
    if (::stat(path.c_str(), &target) == 0 && target.st_dev == file.st_dev &&
        target.st_ino == file.st_ino) {
      return true;
    }
  }
  return false;
}

/// Every process but this one and its descendants.
std::map<pid_t, ProcessInfo> Others() {
  std::map<pid_t, ProcessInfo> others;
  for (const pid_t pid : AllProcesses()) {
    if (const std::optional<ProcessInfo> process = ReadProcess(pid)) others.emplace(pid, *process);
  }
  std::vector<pid_t> own = {::getpid()};
  for (std::size_t next = 0; next < own.size(); ++next) {
    for (const auto& [pid, process] : others) {
      if (process.parent == own[next]) own.push_back(pid);
    }
  }
  for (const pid_t pid : own) others.erase(pid);
  return others;
}

}  // namespace

Survivors::Survivors(asio::io_context& io, ScriptsLock& lock, std::chrono::milliseconds patience)
    : io_(io), lock_(lock), patience_(patience), deadline_(io), again_(io) {}

void Survivors::EndSurvivors(Callback done) {
  waiting_.push_back(std::move(done));
  if (extinction_) return;
  ended_.clear();
  Begin();
  deadline_.expires_after(patience_);
  deadline_.async_wait([this](const asio::error_code& error) {
    if (!error) OnDeadline();
  });
}

void Survivors::Begin() {
  extinction_ = std::make_shared<Extinction>(
      io_, [this] { return Find(); }, Extinction::Options{});
  extinction_->Begin([this](const std::map<pid_t, std::string>& ended) { OnEnded(ended); });
}

std::vector<pid_t> Survivors::Find() {
  const bool held = !lock_.TryTake();
  struct stat file {};
  ::fstat(lock_.fd(), &file);
  const std::string marker =
      std::string(1, '\0') + kMarkerVariable + "=" + lock_.token() + std::string(1, '\0');
  const auto& session = lock_.earlier_session();

  const std::map<pid_t, ProcessInfo> others = Others();
  std::vector<pid_t> found;
  std::set<pid_t> sessions;
  for (const auto& [pid, process] : others) {
    const bool in_session =
        session && process.session == session->id && process.start_time >= session->since;
    if (in_session || HasMarker(pid, marker) || (held && HasOpen(pid, file))) {
      found.push_back(pid);
      sessions.insert(process.session);
    }
  }
  std::set<pid_t> seen(found.begin(), found.end());
  for (std::size_t next = 0; next < found.size(); ++next) {
    for (const auto& [pid, process] : others) {
      if (process.parent != found[next] && !sessions.contains(process.session)) continue;
      if (seen.insert(pid).second) found.push_back(pid);
    }
  }
  std::erase_if(found, [&others](pid_t pid) { return others.at(pid).ended; });
  return found;
}

void Survivors::OnEnded(const std::map<pid_t, std::string>& ended) {
  ended_.insert(ended.begin(), ended.end());
  if (!lock_.TryTake()) {
    // One that hops from process to process may be missed by a look, and not by the next ones.
    again_.expires_after(kPause);
    again_.async_wait([this](const asio::error_code& error) {
      // Answered meanwhile, by the deadline, it is over.
      if (!error && extinction_) Begin();
    });
    return;
  }
  std::vector<std::string> sentences;
  sentences.reserve(ended_.size());
  for (const auto& [pid, description] : ended_) {
    sentences.push_back(
        "A process of an earlier life of the daemon was still alive and was ended: " + description +
        ".");
  }
  Answer(sentences);
}

void Survivors::OnDeadline() {
  std::map<pid_t, std::string> left;
  for (const pid_t pid : Find()) left.emplace(pid, DescribeProcess(pid));
  if (left.empty() && lock_.TryTake()) {
    OnEnded({});
    return;
  }
  if (left.empty()) {
    Answer(
        core::Error{core::Reason::kSurvivors,
                    "A process of an earlier life of the daemon holds the lock of the scripts, and "
                    "cannot be seen from here.",
                    "It may be in another container, or another user's."});
    return;
  }
  Answer(core::Error{
      core::Reason::kSurvivors,
      "Processes of an earlier life of the daemon do not end although they were killed: " +
          DescribeProcesses(left) + ".",
      kHint});
}

void Survivors::Answer(const core::Result<std::vector<std::string>>& answer) {
  deadline_.cancel();
  again_.cancel();
  extinction_.reset();
  for (const Callback& done : std::exchange(waiting_, {})) done(answer);
}

}  // namespace migrationd::script

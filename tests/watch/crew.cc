#include "tests/watch/crew.h"

#include <chrono>
#include <utility>

#include "tests/crash/site.h"

namespace migrationd::watch {
namespace {

namespace api = telec::api;

constexpr std::chrono::minutes kLimit{5};
constexpr std::uint64_t kUncut = ~std::uint64_t{0};
constexpr std::uint64_t kLaggardIs = 20;  // One of so many.

}  // namespace

Crew::Crew(Lines& lines, std::string run, std::size_t watchers, std::uint64_t seed)
    : lines_(lines), run_(std::move(run)), seen_(watchers) {
  for (std::size_t i = 0; i < watchers; ++i) {
    threads_.emplace_back([this, i, seed] { Watch(i, seed + i); });
  }
}

Crew::~Crew() {
  ReleaseLaggards();
  Join();
}

void Crew::ReleaseLaggards() {
  const std::lock_guard lock(mutex_);
  laggards_released_ = true;
  released_.notify_all();
}

void Crew::AwaitRelease() {
  std::unique_lock lock(mutex_);
  released_.wait_for(lock, kLimit, [this] { return laggards_released_; });
}

void Crew::Join() {
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Crew::Complain(std::size_t watcher, const std::string& what) {
  const std::lock_guard lock(mutex_);
  complaints_.push_back("watcher " + std::to_string(watcher) + " of run " + run_ + ": " + what);
}

void Crew::Watch(std::size_t watcher, std::uint64_t seed) {
  crash::Dice dice(seed);
  const bool lags = watcher % kLaggardIs == kLaggardIs - 1;
  Lines::Line line = lines_.After(0, watcher);
  while (line.service) {
    const std::uint64_t budget = lags || dice.Chance(5) ? kUncut : dice.Between(1, 40);
    switch (Follow(watcher, *line.service, budget, lags)) {
      case Ending::kTerminal:
      case Ending::kGivenUp:
        return;
      case Ending::kCut:
        ++cuts_;
        break;
      case Ending::kLost:
        ++losses_;
        line = lines_.After(line.life, watcher);
        break;
    }
  }
  Complain(watcher, "no daemon came back");
}

/// One stream, until it ends or `budget` events have come.
Crew::Ending Crew::Follow(std::size_t watcher, telec::Service& service, std::uint64_t budget,
                          bool lags) {
  std::vector<std::string>& seen = seen_[watcher];
  api::WatchRequest request;
  request.set_run_id(run_);
  request.set_after_sequence(seen.size());
  if (!seen.empty()) {
    api::Event last;
    last.ParseFromString(seen.back());
    request.set_after_time_unix_us(last.time_unix_us());
  }
  const auto stream = service.Watch(request);
  bool ended = false;
  while (const auto* response = stream->Next()) {
    const api::Event& event = response->event();
    if (event.sequence() != seen.size() + 1) {
      Complain(watcher, "event " + std::to_string(event.sequence()) + " came after event " +
                            std::to_string(seen.size()));
      return Ending::kGivenUp;
    }
    seen.push_back(event.SerializeAsString());
    if (ended) Complain(watcher, "something came after the last event");
    ended = event.has_run_ended();
    if (lags && seen.size() == 1) AwaitRelease();
    if (--budget == 0 && !ended) {
      // What has come already and nobody has looked at will come again.
      stream->Abandon();
      while (stream->Next()) {
      }
      stream->End();
      return Ending::kCut;
    }
  }
  const auto error = stream->End();
  if (ended) return Ending::kTerminal;
  if (error && !error->reason.empty()) {
    Complain(watcher,
             "was refused after event " + std::to_string(seen.size()) + ": " + error->message);
    return Ending::kGivenUp;
  }
  return Ending::kLost;
}

}  // namespace migrationd::watch

#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "client/service.h"
#include "tests/crash/daemon_life.h"

namespace migrationd::watch {

/// The connections of many watchers to the daemon of the moment. Thread-safe.
class Lines {
 public:
  struct Line {
    std::shared_ptr<telec::Service> service;  ///< Null: no daemon came within the limit.
    std::uint64_t life = 0;                   ///< Which daemon it leads to, counted from 1.
  };

  /// A new daemon is there: makes `count` connections to it. False: it does not take them.
  bool Open(const crash::DaemonLife& life, std::size_t count);

  /// One of the connections to a daemon later than `life`, as soon as there is one.
  Line After(std::uint64_t life, std::size_t watcher);

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  std::vector<std::shared_ptr<telec::Service>> services_;
  std::uint64_t life_ = 0;
};

}  // namespace migrationd::watch

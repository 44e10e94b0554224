#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/core/ports.h"

namespace migrationd::fakes {

/// What an earlier life left running, as told by a test. One thread only.
class FakeSurvivors final : public core::SurvivorGuard {
 public:
  /// The next look finds a process and kills it.
  void Leave(std::string notice) { notices_.push_back(std::move(notice)); }
  /// There is a process that does not end; until Yield.
  void Persist() { persists_ = true; }
  void Yield() { persists_ = false; }
  /// The next look takes its time: it ends when the test calls Answer.
  void Linger() { lingers_ = true; }
  void Answer() {
    lingers_ = false;
    if (auto waiting = std::exchange(waiting_, nullptr)) EndSurvivors(std::move(waiting));
  }

  void EndSurvivors(std::function<void(core::Result<std::vector<std::string>>)> done) override {
    ++looks_;
    if (lingers_) {
      waiting_ = std::move(done);
    } else if (persists_) {
      done(core::Error{core::Reason::kSurvivors, "process 4711 of an earlier life does not end",
                       "End it by hand; the next run looks again."});
    } else {
      done(std::exchange(notices_, {}));
    }
  }

  int looks() const { return looks_; }

 private:
  std::vector<std::string> notices_;
  bool persists_ = false;
  bool lingers_ = false;
  std::function<void(core::Result<std::vector<std::string>>)> waiting_;
  int looks_ = 0;
};

}  // namespace migrationd::fakes

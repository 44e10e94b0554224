#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/service.h"

namespace migrationd::crash {

/// Remembers everything that a daemon has shown to a client, and asks later lives for it. What was
/// shown is a promise: the same run must have the same event under the same number for ever.
class Witness {
 public:
  /// A Run stream of `request_id` showed this.
  void Saw(const std::string& request_id, const telec::api::RunResponse& shown);

  /// Compares with what the daemon has now: the runs that changed since the last time or, with
  /// `everything`, all of them, and the records. False: the daemon went away meanwhile, and the
  /// question is still open.
  bool Compare(telec::Service& service, bool everything);

  /// What was promised and is gone, or is another thing; each a sentence.
  [[nodiscard]] const std::vector<std::string>& lost() const { return lost_; }
  /// Migrations that were started again after a client had seen that they are applied.
  [[nodiscard]] const std::vector<std::string>& again() const { return again_; }
  /// How many events were shown.
  [[nodiscard]] std::uint64_t shown() const { return shown_; }
  /// Migrations that a client saw as applied, already applied or recovered.
  [[nodiscard]] const std::set<std::string>& applied() const { return applied_; }

 private:
  struct Run {
    std::vector<std::string> events;  ///< Serialized; number i + 1 at i.
    bool open = true;                 ///< Not compared since it was shown last.
  };

  bool CompareRun(telec::Service& service, const std::string& id, Run& run);
  bool CompareRecords(telec::Service& service);

  std::map<std::string, Run> runs_;
  std::map<std::string, std::string> run_of_request_;
  std::set<std::string> applied_;
  std::uint64_t shown_ = 0;
  std::vector<std::string> lost_;
  std::vector<std::string> again_;
};

}  // namespace migrationd::crash

#pragma once

#include <cstdint>
#include <memory>

#include "daemon/core/catalogue.h"
#include "daemon/core/state.h"
#include "daemon/core/version.h"

namespace migrationd::core {

/// Counts what of a catalogue a host has not recorded. The same catalogue at the same position of
/// the state is counted once: whoever watches a host asks again and again while nothing happens.
class Outlook {
 public:
  struct Counts {
    std::uint64_t pending = 0;
    std::uint64_t out_of_order = 0;  ///< At or below the current version.
  };

  /// `current` is the version of the host in that state.
  Counts Of(const std::shared_ptr<const Catalogue>& catalogue, const State& state,
            const Version& current);

  /// The state is another one, whatever its position is.
  void Forget() { catalogue_.reset(); }

 private:
  std::weak_ptr<const Catalogue> catalogue_;  ///< What was counted; weak, so as not to keep it.
  LogPosition position_;
  Counts counts_;
};

}  // namespace migrationd::core

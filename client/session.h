#pragma once

#include <string>
#include <string_view>

#include "client/console.h"
#include "client/dialer.h"
#include "client/options.h"

namespace telec {

/// What a verb works with.
struct Session {
  const CommonOptions& options;
  Console& console;
  Dialer& dialer;
};

/// A command that a person can paste: "telec migrate" with `words` and what `options` says about
/// the daemon.
std::string CommandFor(const CommonOptions& options, std::string_view words);

}  // namespace telec

#pragma once

#include <memory>

#include "client/api.h"
#include "client/session.h"

namespace telec {

/// Shows a run as its events come. Called by one thread.
class RunView {
 public:
  virtual ~RunView() = default;
  virtual void OnEvent(const api::RunResponse& response) = 0;
};

/// The one that fits: JSON Lines, a terminal, or plain lines. `session` must outlive it.
std::unique_ptr<RunView> MakeRunView(Session& session);

/// Shows nothing.
class NoView final : public RunView {
 public:
  void OnEvent(const api::RunResponse& /*response*/) override {}
};

}  // namespace telec

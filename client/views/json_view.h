#pragma once

#include "client/console.h"
#include "client/text/json.h"
#include "client/views/run_view.h"

namespace telec {

/// JSON Lines: each event as the API's RunResponse, and nothing else.
class JsonView final : public RunView {
 public:
  explicit JsonView(Console& console) : console_(console) {}
  void OnEvent(const api::RunResponse& response) override { console_.Print(ToJsonLine(response)); }

 private:
  Console& console_;
};

}  // namespace telec

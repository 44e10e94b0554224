#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "daemon/core/engine.h"
#include "daemon/core/event.h"
#include "daemon/core/plan.h"

/// One of each kind, with every field set to something that is not its default.
namespace migrationd::rpc::samples {

core::Requester Requester();
core::Failure Failure();
std::vector<core::Fact> Facts();
core::RunSummary Summary();
core::Plan Plan();
core::StatusReport Status();

/// Paths of the fields of `message`, and of the messages in it, that nobody has set. Of a oneof
/// only the one that is set counts.
std::vector<std::string> UnsetFields(const google::protobuf::Message& message);

}  // namespace migrationd::rpc::samples

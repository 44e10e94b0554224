#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "daemon/core/result.h"

namespace migrationd::rpc {

/// Keys of the trailing metadata that an error carries. docs/reference/errors.md.
inline constexpr char kReasonKey[] = "telec-reason";
inline constexpr char kHintKey[] = "telec-hint";

/// The canonical code of a reason (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).
grpc::StatusCode CodeOf(core::Reason reason);

/// The call's status; reason and hint are added to its trailing metadata. Before Finish.
grpc::Status Refuse(grpc::CallbackServerContext& context, const core::Error& error);

}  // namespace migrationd::rpc

#include "daemon/rpc/errors.h"

namespace migrationd::rpc {
namespace {

/// HTTP/2 header values are printable ASCII (RFC 9113, 8.2.1).
std::string AsHeader(std::string text) {
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

}  // namespace

grpc::StatusCode CodeOf(core::Reason reason) {
  using core::Reason;
  switch (reason) {
    case Reason::kInvalidArgument:
    case Reason::kInvalidVersion:
    case Reason::kBackwardRange:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case Reason::kCatalogueMissing:
    case Reason::kCatalogueInvalid:
    case Reason::kPlanMoved:
    case Reason::kOutOfOrder:
    case Reason::kRequestIdReused:
      return grpc::StatusCode::FAILED_PRECONDITION;
    case Reason::kRunInProgress:
      return grpc::StatusCode::ABORTED;
    case Reason::kNoRunInProgress:
    case Reason::kRunNotFound:
    case Reason::kMigrationNotFound:
      return grpc::StatusCode::NOT_FOUND;
    case Reason::kPositionUnknown:
      return grpc::StatusCode::OUT_OF_RANGE;
    case Reason::kStateDamaged:
      return grpc::StatusCode::DATA_LOSS;
    case Reason::kStorageFull:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case Reason::kStateLocked:
    case Reason::kStorageFailed:
    case Reason::kSurvivors:
    case Reason::kInterpreterFailed:
    case Reason::kShuttingDown:
      return grpc::StatusCode::UNAVAILABLE;
    case Reason::kPermissionDenied:
      return grpc::StatusCode::PERMISSION_DENIED;
    case Reason::kConfigInvalid:
    case Reason::kSocketUnusable:
    case Reason::kInternal:
      return grpc::StatusCode::INTERNAL;
  }
  return grpc::StatusCode::INTERNAL;
}

grpc::Status Refuse(grpc::CallbackServerContext& context, const core::Error& error) {
  context.AddTrailingMetadata(kReasonKey, std::string(core::ReasonName(error.reason)));
  if (!error.hint.empty()) context.AddTrailingMetadata(kHintKey, AsHeader(error.hint));
  return {CodeOf(error.reason), error.message};
}

}  // namespace migrationd::rpc

#include "daemon/rpc/errors.h"

#include <string_view>

#include "daemon/core/text.h"
#include "daemon/core/utf8.h"

namespace migrationd::rpc {
namespace {

// A client takes 8 KiB of trailing metadata in all, and refuses the rest with an error of its own.
constexpr std::size_t kLongestMessage = 5000;  // As it is on the wire.
constexpr std::size_t kLongestHint = 1000;

bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

/// HTTP/2 header values are printable ASCII (RFC 9113, 8.2.1).
std::string AsHeader(std::string text) {
  if (text.size() > kLongestHint) text = text.substr(0, kLongestHint) + "...";
  for (char& c : text) {
    if (!IsPrintable(c)) c = '?';
  }
  return text;
}

/// A status's message: UTF-8, of which gRPC sends what is not printable ASCII as three characters a
/// byte.
std::string AsMessage(const std::string& text) {
  std::string message = core::ToValidUtf8(text);
  std::size_t on_the_wire = 0;
  for (std::size_t i = 0; i < message.size(); ++i) {
    on_the_wire += IsPrintable(message[i]) && message[i] != '%' ? 1U : 3U;
    if (on_the_wire <= kLongestMessage) continue;
    const std::string_view fits(message.data(), i);
    return std::string(fits.substr(0, core::ValidUtf8Prefix(fits))) + "…";
  }
  return message;
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
  return {CodeOf(error.reason), AsMessage(error.message)};
}

}  // namespace migrationd::rpc

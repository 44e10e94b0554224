#include "daemon/core/result.h"

namespace migrationd::core {

std::string_view ReasonName(Reason reason) {
  switch (reason) {
    case Reason::kInvalidArgument:
      return "INVALID_ARGUMENT";
    case Reason::kInvalidVersion:
      return "INVALID_VERSION";
    case Reason::kBackwardRange:
      return "BACKWARD_RANGE";
    case Reason::kCatalogueMissing:
      return "CATALOGUE_MISSING";
    case Reason::kCatalogueInvalid:
      return "CATALOGUE_INVALID";
    case Reason::kPlanMoved:
      return "PLAN_MOVED";
    case Reason::kOutOfOrder:
      return "OUT_OF_ORDER";
    case Reason::kRunInProgress:
      return "RUN_IN_PROGRESS";
    case Reason::kRequestIdReused:
      return "REQUEST_ID_REUSED";
    case Reason::kNoRunInProgress:
      return "NO_RUN_IN_PROGRESS";
    case Reason::kRunNotFound:
      return "RUN_NOT_FOUND";
    case Reason::kMigrationNotFound:
      return "MIGRATION_NOT_FOUND";
    case Reason::kPositionUnknown:
      return "POSITION_UNKNOWN";
    case Reason::kStateDamaged:
      return "STATE_DAMAGED";
    case Reason::kStateLocked:
      return "STATE_LOCKED";
    case Reason::kStorageFull:
      return "STORAGE_FULL";
    case Reason::kStorageFailed:
      return "STORAGE_FAILED";
    case Reason::kSurvivors:
      return "SURVIVORS";
    case Reason::kInterpreterFailed:
      return "INTERPRETER_FAILED";
    case Reason::kPermissionDenied:
      return "PERMISSION_DENIED";
    case Reason::kShuttingDown:
      return "SHUTTING_DOWN";
    case Reason::kConfigInvalid:
      return "CONFIG_INVALID";
    case Reason::kSocketUnusable:
      return "SOCKET_UNUSABLE";
    case Reason::kInternal:
      return "INTERNAL";
  }
  return "INTERNAL";
}

}  // namespace migrationd::core

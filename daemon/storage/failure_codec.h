#pragma once

#include "daemon/core/event.h"
#include "daemon/storage/json_fields.h"

namespace migrationd::storage {

/// A failure as run logs and the state file have it; docs/reference/state-files.md.
JsonOut FailureToJson(const core::Failure& failure);

/// What is wrong with it is told to `fields` of the object that contains it, under `key`.
core::Failure FailureFromJson(const JsonIn& json, Fields& fields, const char* key);

}  // namespace migrationd::storage

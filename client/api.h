#pragma once

#include "telec/migrate/v1/migration_service.pb.h"

namespace telec {

/// The messages of the API. What sends them is behind service.h.
namespace api = ::telec::migrate::v1;

}  // namespace telec

#pragma once

#include <optional>

#include "daemon/core/engine.h"
#include "daemon/core/event.h"
#include "daemon/core/plan.h"
#include "daemon/core/result.h"
#include "daemon/core/state.h"
#include "telec/migrate/v1/migration_service.pb.h"

/// Domain <-> API. Pure functions; what comes from a client is checked here, and only here. Names
/// of files need not be UTF-8, texts of the API must: what is not is replaced here.
namespace migrationd::rpc {

namespace api = telec::migrate::v1;

// To the API.
void ToApi(const core::Event& event, api::Event& out);
void ToApi(const core::Failure& failure, api::Failure& out);
void ToApi(const core::Requester& requester, api::Requester& out);
void ToApi(const core::Plan& plan, api::Plan& out);
void ToApi(const core::RunSummary& summary, api::RunSummary& out);
void ToApi(const core::StatusReport& report, bool serving, api::HostStatus& out);
api::Outcome ToApi(core::Outcome outcome);
api::RunOutcome ToApi(core::RunOutcome outcome);
api::RunKind ToApi(core::RunKind kind);

// From the API. Errors: kInvalidArgument, saying which field and why.
core::Result<core::PlanRequest> FromApi(const api::PlanRequest& request);
core::Result<core::RunRequest> FromApi(const api::RunRequest& request);
core::Result<core::ResolveRequest> FromApi(const api::ResolveRequest& request);
core::Result<core::BaselineRequest> FromApi(const api::BaselineRequest& request);

/// A run id as a client gives it; nullopt for the empty one, which means the current or last run.
core::Result<std::optional<core::RunId>> RunIdFromApi(const std::string& run_id);

core::CancelMode FromApi(api::CancelMode mode);

}  // namespace migrationd::rpc

#include "daemon/core/text.h"
#include "daemon/rpc/translate.h"

namespace migrationd::rpc {
namespace {

using core::Error;
using core::Reason;

constexpr std::size_t kLongestName = 512;
constexpr std::size_t kLongestReason = 4096;

/// The first field that is too long, or holds what no name holds.
class FieldCheck {
 public:
  FieldCheck& Name(const char* field, const std::string& value) {
    if (value.size() > kLongestName)
      Fail(field, "is longer than " + std::to_string(kLongestName) + " bytes");
    for (const char c : value) {
      if (static_cast<unsigned char>(c) < ' ') {
        Fail(field, "holds a control character: " + core::Quote(value.substr(0, kLongestName)));
        break;
      }
    }
    return *this;
  }

  FieldCheck& Required(const char* field, const std::string& value) {
    if (value.empty()) Fail(field, "is missing");
    return *this;
  }

  FieldCheck& Text(const char* field, const std::string& value) {
    if (value.size() > kLongestReason)
      Fail(field, "is longer than " + std::to_string(kLongestReason) + " bytes");
    return *this;
  }

  void Fail(const char* field, const std::string& why) {
    if (error_) return;
    error_ = Error{Reason::kInvalidArgument, std::string("the field `") + field + "` " + why,
                   "See docs/reference/api.md for what it holds."};
  }

  template <typename T>
  core::Result<T> Or(T value) const {
    if (error_) return *error_;
    return value;
  }

 private:
  std::optional<Error> error_;
};

std::optional<std::string> Bound(bool has, const std::string& value) {
  return has ? std::optional(value) : std::nullopt;
}

}  // namespace

core::Result<core::PlanRequest> FromApi(const api::PlanRequest& request) {
  FieldCheck check;
  check.Name("from_version", request.from_version()).Name("to_version", request.to_version());
  return check.Or(core::PlanRequest{Bound(request.has_from_version(), request.from_version()),
                                    Bound(request.has_to_version(), request.to_version()),
                                    request.out_of_order(), request.recheck(), request.probe()});
}

core::Result<core::RunRequest> FromApi(const api::RunRequest& request) {
  FieldCheck check;
  check.Name("request_id", request.request_id())
      .Name("from_version", request.from_version())
      .Name("to_version", request.to_version())
      .Name("plan_digest", request.plan_digest());
  return check.Or(
      core::RunRequest{request.request_id(),
                       core::PlanRequest{Bound(request.has_from_version(), request.from_version()),
                                         Bound(request.has_to_version(), request.to_version()),
                                         request.out_of_order(), request.recheck(), false},
                       request.plan_digest()});
}

core::Result<core::ResolveRequest> FromApi(const api::ResolveRequest& request) {
  FieldCheck check;
  check.Name("request_id", request.request_id())
      .Required("migration_id", request.migration_id())
      .Name("migration_id", request.migration_id())
      .Required("reason", request.reason())
      .Text("reason", request.reason());
  core::ResolveRequest out{request.request_id(), request.migration_id(), core::Resolution::kApplied,
                           request.reason()};
  switch (request.resolution()) {
    case api::RESOLUTION_APPLIED:
      break;
    case api::RESOLUTION_SKIPPED:
      out.resolution = core::Resolution::kSkipped;
      break;
    case api::RESOLUTION_PENDING:
      out.resolution = core::Resolution::kPending;
      break;
    default:
      check.Fail("resolution", "is missing: applied, skipped or pending");
  }
  return check.Or(std::move(out));
}

core::Result<core::BaselineRequest> FromApi(const api::BaselineRequest& request) {
  FieldCheck check;
  check.Name("request_id", request.request_id())
      .Required("version", request.version())
      .Name("version", request.version())
      .Text("reason", request.reason());
  return check.Or(core::BaselineRequest{request.request_id(), request.version(), request.reason()});
}

core::Result<std::optional<core::RunId>> RunIdFromApi(const std::string& run_id) {
  if (run_id.empty()) return std::optional<core::RunId>();
  if (auto id = core::ParseRunId(run_id)) return id;
  return Error{Reason::kInvalidArgument,
               "no run id: " + core::Quote(run_id.substr(0, kLongestName)),
               "A run is called 12-3f9c2a7e, or 12 for short; `telec migrate history` lists them."};
}

core::CancelMode FromApi(api::CancelMode mode) {
  return mode == api::CANCEL_MODE_NOW ? core::CancelMode::kNow : core::CancelMode::kAfterCurrent;
}

}  // namespace migrationd::rpc

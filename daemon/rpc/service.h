#pragma once

#include <grpcpp/support/byte_buffer.h>

#include "daemon/rpc/service_context.h"
#include "telec/migrate/v1/migration_service.grpc.pb.h"

namespace migrationd::rpc {

namespace api = telec::migrate::v1;

/// Run and Watch are raw: what all watchers are sent alike is serialised once.
using ServiceBase = api::MigrationService::WithRawCallbackMethod_Run<
    api::MigrationService::WithRawCallbackMethod_Watch<api::MigrationService::CallbackService>>;

/// The API for peers of one role. A method translates, posts to the loop, and translates the
/// answer; it knows nothing of the domain. Methods are called on gRPC's threads and never block.
class Service final : public ServiceBase {
 public:
  Service(const ServiceContext& services, Role role) : services_(services), role_(role) {}

  grpc::ServerUnaryReactor* Plan(grpc::CallbackServerContext* context,
                                 const api::PlanRequest* request,
                                 api::PlanResponse* response) override;
  grpc::ServerUnaryReactor* Status(grpc::CallbackServerContext* context,
                                   const api::StatusRequest* request,
                                   api::StatusResponse* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Run(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* message) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* Watch(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* message) override;
  grpc::ServerUnaryReactor* Cancel(grpc::CallbackServerContext* context,
                                   const api::CancelRequest* request,
                                   api::CancelResponse* response) override;
  grpc::ServerUnaryReactor* ListRuns(grpc::CallbackServerContext* context,
                                     const api::ListRunsRequest* request,
                                     api::ListRunsResponse* response) override;
  grpc::ServerUnaryReactor* Resolve(grpc::CallbackServerContext* context,
                                    const api::ResolveRequest* request,
                                    api::ResolveResponse* response) override;
  grpc::ServerUnaryReactor* Baseline(grpc::CallbackServerContext* context,
                                     const api::BaselineRequest* request,
                                     api::BaselineResponse* response) override;

 private:
  /// Ok, or kPermissionDenied for what only operators may do.
  core::Status Permit(const grpc::CallbackServerContext& context, const char* what) const;
  core::Requester CallerOf(const grpc::CallbackServerContext& context) const;

  const ServiceContext& services_;
  const Role role_;
};

}  // namespace migrationd::rpc

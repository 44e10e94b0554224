#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "daemon/rpc/errors.h"

namespace migrationd::rpc {

/// The answer to one unary call, to be given once, from any thread. Copyable: it is carried through
/// the loop's callbacks. context, request and response live until it is given.
class UnaryCall {
 public:
  explicit UnaryCall(grpc::CallbackServerContext& context)
      : context_(&context), reactor_(context.DefaultReactor()) {}

  void Succeed() const { reactor_->Finish(grpc::Status::OK); }
  void Fail(const core::Error& error) const { reactor_->Finish(Refuse(*context_, error)); }

  grpc::ServerUnaryReactor* reactor() const { return reactor_; }

 private:
  grpc::CallbackServerContext* context_;
  grpc::ServerUnaryReactor* reactor_;
};

}  // namespace migrationd::rpc

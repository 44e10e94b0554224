#include "daemon/rpc/service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "daemon/rpc/event_stream.h"
#include "daemon/rpc/translate.h"
#include "daemon/rpc/unary_call.h"

namespace migrationd::rpc {
namespace {

constexpr std::uint32_t kDefaultPage = 50;
constexpr std::uint32_t kLargestPage = 1000;

core::Result<std::uint64_t> PageTokenOf(const std::string& token) {
  if (token.empty()) return std::uint64_t{0};
  const auto run = core::ParseRunId(token);
  if (run && run->text == token && token.find('-') == std::string::npos) return run->number;
  return core::Error{core::Reason::kInvalidArgument,
                     "the field `page_token` is none that ListRuns gave",
                     "Pass `next_page_token` as it is, or nothing."};
}

/// A request that comes as it was on the wire.
template <typename Request>
core::Result<Request> Parse(const grpc::ByteBuffer& message) {
  grpc::ByteBuffer bytes = message;
  Request request;
  if (grpc::SerializationTraits<Request>::Deserialize(&bytes, &request).ok()) return request;
  return core::Error{core::Reason::kInvalidArgument, "the request cannot be read",
                     "Make it with the API's telec.migrate.v1."};
}

/// Of a RunRequest and a WatchRequest alike.
template <typename Request>
Packing PackingFor(const Request& request) {
  return request.accept_following() ? Packing::kTogether : Packing::kSingle;
}

}  // namespace

core::Status Service::Permit(const grpc::CallbackServerContext& context, const char* what) const {
  if (role_ == Role::kOperator) return core::Ok();
  const core::Requester who = CallerOf(context);
  return core::Error{
      core::Reason::kPermissionDenied,
      std::string(what) + " is for operators; " +
          (who.user.empty() ? "uid " + std::to_string(who.uid) : who.user) + " is a viewer",
      "Ask an operator, or have the user added to the group that `operator_group` names."};
}

core::Requester Service::CallerOf(const grpc::CallbackServerContext& context) const {
  return services_.peers.Of(context.peer());
}

grpc::ServerUnaryReactor* Service::Plan(grpc::CallbackServerContext* context,
                                        const api::PlanRequest* request,
                                        api::PlanResponse* response) {
  const UnaryCall call(*context);
  auto plan = FromApi(*request);
  if (plan && plan->probe) {
    if (const auto permit = Permit(*context, "probing a plan, which executes check(),"); !permit)
      plan = permit.error();
  }
  if (!plan) {
    call.Fail(plan.error());
    return call.reactor();
  }
  services_.executor.Post([this, call, plan = std::move(*plan), response] {
    services_.engine.Plan(plan, [call, response](core::Result<core::Plan> answer) {
      if (!answer) return call.Fail(answer.error());
      ToApi(*answer, *response->mutable_plan());
      call.Succeed();
    });
  });
  return call.reactor();
}

grpc::ServerUnaryReactor* Service::Status(grpc::CallbackServerContext* context,
                                          const api::StatusRequest* /*request*/,
                                          api::StatusResponse* response) {
  const UnaryCall call(*context);
  services_.executor.Post([this, call, response] {
    services_.engine.GetStatus([this, call, response](core::Result<core::StatusReport> report) {
      if (!report) return call.Fail(report.error());
      ToApi(*report, services_.engine.serving(), *response->mutable_status());
      call.Succeed();
    });
  });
  return call.reactor();
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* Service::Run(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* message) {
  auto* stream = new EventStream(services_, *context);
  const auto request = Parse<api::RunRequest>(*message);
  auto run = request ? FromApi(*request) : request.error();
  if (const auto permit = Permit(*context, "starting a run"); !permit) run = permit.error();
  if (!run) {
    stream->Refuse(run.error());
    return stream;
  }
  // Whoever started a run waits for its end, the others look on.
  const EventStream::Reading reading{.packing = PackingFor(*request), .first = true};
  services_.executor.Post([this, stream, reading, run = std::move(*run), by = CallerOf(*context)] {
    services_.engine.Run(run, by, [stream, reading](core::Result<core::Subscription> subscription) {
      stream->Start(std::move(subscription), reading);
    });
  });
  return stream;
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* Service::Watch(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* message) {
  auto* stream = new EventStream(services_, *context);
  const auto request = Parse<api::WatchRequest>(*message);
  const auto run = request ? RunIdFromApi(request->run_id()) : request.error();
  if (!run) {
    stream->Refuse(run.error());
    return stream;
  }
  std::optional<core::WallTime> time;
  if (request->has_after_time_unix_us()) time = core::WallTime(request->after_time_unix_us());
  const EventStream::Reading reading{.position = request->after_sequence(),
                                     .follow = !request->no_follow(),
                                     .packing = PackingFor(*request)};
  services_.executor.Post([this, stream, run = *run, time, reading] {
    stream->Start(services_.engine.Subscribe(run, reading.position, time), reading);
  });
  return stream;
}

grpc::ServerUnaryReactor* Service::Cancel(grpc::CallbackServerContext* context,
                                          const api::CancelRequest* request,
                                          api::CancelResponse* response) {
  const UnaryCall call(*context);
  auto run = RunIdFromApi(request->run_id());
  if (const auto permit = Permit(*context, "cancelling a run"); !permit) run = permit.error();
  if (!run) {
    call.Fail(run.error());
    return call.reactor();
  }
  services_.executor.Post(
      [this, call, run = *run, mode = FromApi(request->mode()), by = CallerOf(*context), response] {
        const auto cancelled = services_.engine.Cancel(run, mode, by);
        if (!cancelled) return call.Fail(cancelled.error());
        response->set_run_id(cancelled->text);
        call.Succeed();
      });
  return call.reactor();
}

grpc::ServerUnaryReactor* Service::ListRuns(grpc::CallbackServerContext* context,
                                            const api::ListRunsRequest* request,
                                            api::ListRunsResponse* response) {
  const UnaryCall call(*context);
  const auto before = PageTokenOf(request->page_token());
  if (!before) {
    call.Fail(before.error());
    return call.reactor();
  }
  const std::uint32_t limit =
      request->page_size() == 0 ? kDefaultPage : std::min(request->page_size(), kLargestPage);
  services_.executor.Post([this, call, before = *before, limit, response] {
    const auto page = services_.engine.ListRuns(before, limit);
    if (!page) return call.Fail(page.error());
    for (const core::RunSummary& summary : page->runs) ToApi(summary, *response->add_runs());
    if (page->next_before != 0) response->set_next_page_token(std::to_string(page->next_before));
    call.Succeed();
  });
  return call.reactor();
}

grpc::ServerUnaryReactor* Service::Resolve(grpc::CallbackServerContext* context,
                                           const api::ResolveRequest* request,
                                           api::ResolveResponse* response) {
  const UnaryCall call(*context);
  auto resolve = FromApi(*request);
  if (const auto permit = Permit(*context, "settling a migration"); !permit)
    resolve = permit.error();
  if (!resolve) {
    call.Fail(resolve.error());
    return call.reactor();
  }
  services_.executor.Post(
      [this, call, resolve = std::move(*resolve), by = CallerOf(*context), response] {
        services_.engine.Resolve(resolve, by, [call, response](core::Result<core::RunId> run) {
          if (!run) return call.Fail(run.error());
          response->set_run_id(run->text);
          call.Succeed();
        });
      });
  return call.reactor();
}

grpc::ServerUnaryReactor* Service::Baseline(grpc::CallbackServerContext* context,
                                            const api::BaselineRequest* request,
                                            api::BaselineResponse* response) {
  const UnaryCall call(*context);
  auto baseline = FromApi(*request);
  if (const auto permit = Permit(*context, "setting the current version"); !permit)
    baseline = permit.error();
  if (!baseline) {
    call.Fail(baseline.error());
    return call.reactor();
  }
  services_.executor.Post([this, call, baseline = std::move(*baseline), by = CallerOf(*context),
                           response] {
    services_.engine.Baseline(
        baseline, by, [call, version = baseline.version, response](core::Result<core::RunId> run) {
          if (!run) return call.Fail(run.error());
          response->set_run_id(run->text);
          response->set_current_version(
              core::Version::Parse(version).value_or(core::Version()).Canonical());
          call.Succeed();
        });
  });
  return call.reactor();
}

}  // namespace migrationd::rpc

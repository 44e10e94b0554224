#include "client/service.h"

#include <absl/synchronization/mutex.h>
#include <google/protobuf/arena.h>
#include <grpc/grpc.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel_posix.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/channel_arguments.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string_view>
#include <utility>

#include "telec/migrate/v1/migration_service.grpc.pb.h"

namespace telec {
namespace {

using Stub = api::MigrationService::Stub;

constexpr std::chrono::seconds kAnswerLimit{120};
/// A plan of 10,000 migrations has more than gRPC's default of 4 MiB. The daemon sends no more than
/// this.
constexpr int kLargestMessage = 64 * 1024 * 1024;

std::string CodeName(grpc::StatusCode code) {
  // The canonical names, by number: google/rpc/code.proto.
  constexpr std::array<std::string_view, 17> kNames = {"OK",
                                                       "CANCELLED",
                                                       "UNKNOWN",
                                                       "INVALID_ARGUMENT",
                                                       "DEADLINE_EXCEEDED",
                                                       "NOT_FOUND",
                                                       "ALREADY_EXISTS",
                                                       "PERMISSION_DENIED",
                                                       "RESOURCE_EXHAUSTED",
                                                       "FAILED_PRECONDITION",
                                                       "ABORTED",
                                                       "OUT_OF_RANGE",
                                                       "UNIMPLEMENTED",
                                                       "INTERNAL",
                                                       "UNAVAILABLE",
                                                       "DATA_LOSS",
                                                       "UNAUTHENTICATED"};
  const auto number = static_cast<std::size_t>(code);
  return std::string(number < kNames.size() ? kNames.at(number) : "UNKNOWN");
}

std::string Trailer(const grpc::ClientContext& context, const char* key) {
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(key);
  if (found == trailers.end()) return "";
  return std::string(found->second.data(), found->second.size());
}

Error ToError(const grpc::Status& status, const grpc::ClientContext& context,
              const std::string& where) {
  Error error{CodeName(status.error_code()), Trailer(context, "telec-reason"),
              status.error_message(), Trailer(context, "telec-hint")};
  if (!error.reason.empty()) return error;
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      error.message = "migrationd at " + where + " closed the connection: " + error.message;
      break;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      error.message = "migrationd at " + where + " did not answer within " +
                      std::to_string(kAnswerLimit.count()) + " s";
      break;
    case grpc::StatusCode::UNIMPLEMENTED:
      error.message = "migrationd at " + where + " does not know this call";
      error.hint = "It is older than this telec: upgrade migrationd.";
      break;
    default:
      error.message = "migrationd at " + where + ": " + error.message;
  }
  return error;
}

/// Enough for a response of many small events; memory that is not used is not taken.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;

/// One operation at a time on a queue of its own, which can tell what is there from what has to be
/// waited for. Takes apart what came in one response.
template <typename Response>
class Stream final : public EventStream {
 public:
  /// `open` starts the call on a context and a queue.
  template <typename Open>
  Stream(const Open& open, std::string where)
      : where_(std::move(where)), reader_(open(context_, queue_)) {}

  ~Stream() override {
    context_.TryCancel();
    queue_.Shutdown();
    // It must be empty when it goes.
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) continue;
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  const api::RunResponse* Next(const std::function<void()>& before_waiting) override {
    if (response_ != nullptr && following_ < response_->following_size() && !abandoned_) {
      return Give(*response_->mutable_following(following_++));
    }
    // Whoever left the rest of a response behind must not be given what is after it.
    do {
      if (!Receive(before_waiting)) return nullptr;
    } while (abandoned_);
    following_ = 0;
    given_->set_run_id(response_->run_id());
    return Give(*response_->mutable_event());
  }

  std::optional<Error> End() override {
    grpc::Status status;
    reader_->Finish(&status, nullptr);
    Await();
    if (status.ok()) return std::nullopt;
    return ToError(status, context_, where_);
  }

  void Abandon() override {
    abandoned_ = true;
    context_.TryCancel();
  }

 private:
  /// Whether a response came.
  bool Receive(const std::function<void()>& before_waiting) {
    if (!started_) {
      before_waiting();
      started_ = true;
      if (!Await()) return false;
    }
    arena_.Reset();
    response_ = google::protobuf::Arena::CreateMessage<Response>(&arena_);
    given_ = google::protobuf::Arena::CreateMessage<api::RunResponse>(&arena_);
    reader_->Read(response_, nullptr);
    std::optional<bool> ok = Poll();
    if (!ok) {
      before_waiting();
      ok = Await();
    }
    return *ok;
  }

  const api::RunResponse* Give(api::Event& event) {
    given_->mutable_event()->Swap(&event);
    return given_;
  }

  /// Whether the operation succeeded; nullopt: it is not over yet.
  std::optional<bool> Poll() {
    void* tag = nullptr;
    bool ok = false;
    const auto status = queue_.AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_MONOTONIC));
    if (status == grpc::CompletionQueue::TIMEOUT) return std::nullopt;
    return ok;
  }

  /// The same, but waits for its end.
  bool Await() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  const std::string where_;
  const std::unique_ptr<grpc::ClientAsyncReader<Response>> reader_;
  bool started_ = false;
  // What came in one response goes together: a watcher of thousands of events frees none by itself.
  std::unique_ptr<char[]> block_ = std::make_unique_for_overwrite<char[]>(kBlockBytes);
  google::protobuf::Arena arena_{block_.get(), kBlockBytes};
  Response* response_ = nullptr;  ///< In the arena, as what was given last.
  api::RunResponse* given_ = nullptr;
  int following_ = 0;  ///< How many of those were given.
  std::atomic<bool> abandoned_ = false;
};

}  // namespace

void StartTransport() {
  static const bool kStarted = [] {
    // Debian builds Abseil with its search for deadlocks on. The locks are gRPC's.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    grpc_init();
    return true;
  }();
  static_cast<void>(kStarted);
}

struct Service::Transport {
  Transport(int fd, std::string name) : where(std::move(name)) {
    StartTransport();
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kLargestMessage);
    // Whatever the socket is, it is not reached by a name.
    arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
    stub = std::make_unique<Stub>(
        grpc::CreateCustomInsecureChannelFromFd("migrationd", fd, arguments));
  }

  template <typename Request, typename Response>
  Result<Response> Ask(grpc::Status (Stub::*call)(grpc::ClientContext*, const Request&, Response*),
                       const Request& request, bool limited = true) {
    grpc::ClientContext context;
    if (limited) context.set_deadline(std::chrono::system_clock::now() + kAnswerLimit);
    Response response;
    const grpc::Status status = (stub.get()->*call)(&context, request, &response);
    if (!status.ok()) return ToError(status, context, where);
    return response;
  }

  const std::string where;
  std::unique_ptr<Stub> stub;
};

Service::Service(FileDescriptor socket, std::string where)
    : transport_(std::make_unique<Transport>(socket.Release(), std::move(where))) {}

Service::~Service() = default;

Result<api::PlanResponse> Service::Plan(const api::PlanRequest& request) {
  return transport_->Ask(&Stub::Plan, request, !request.probe());
}

Result<api::StatusResponse> Service::Status() {
  return transport_->Ask(&Stub::Status, api::StatusRequest());
}

Result<api::CancelResponse> Service::Cancel(const api::CancelRequest& request) {
  return transport_->Ask(&Stub::Cancel, request);
}

Result<api::ListRunsResponse> Service::ListRuns(const api::ListRunsRequest& request) {
  return transport_->Ask(&Stub::ListRuns, request);
}

Result<api::ResolveResponse> Service::Resolve(const api::ResolveRequest& request) {
  return transport_->Ask(&Stub::Resolve, request);
}

Result<api::BaselineResponse> Service::Baseline(const api::BaselineRequest& request) {
  return transport_->Ask(&Stub::Baseline, request);
}

std::unique_ptr<EventStream> Service::Run(api::RunRequest request) {
  request.set_accept_following(true);
  return std::make_unique<Stream<api::RunResponse>>(
      [&](grpc::ClientContext& context, grpc::CompletionQueue& queue) {
        return transport_->stub->AsyncRun(&context, request, &queue, nullptr);
      },
      transport_->where);
}

std::unique_ptr<EventStream> Service::Watch(api::WatchRequest request) {
  request.set_accept_following(true);
  return std::make_unique<Stream<api::WatchResponse>>(
      [&](grpc::ClientContext& context, grpc::CompletionQueue& queue) {
        return transport_->stub->AsyncWatch(&context, request, &queue, nullptr);
      },
      transport_->where);
}

}  // namespace telec

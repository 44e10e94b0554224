#include "tests/client/fake_daemon.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "telec/migrate/v1/migration_service.grpc.pb.h"

namespace telec::testing {
namespace {

constexpr std::chrono::seconds kLimit{60};
/// 2031-05-04 13:02:11 UTC.
constexpr std::int64_t kTime = 1'935'666'131'000'000;

}  // namespace

class FakeDaemon::Service final : public api::MigrationService::Service {
 public:
  grpc::Status Plan(grpc::ServerContext* context, const api::PlanRequest* request,
                    api::PlanResponse* response) override {
    const std::lock_guard lock(mutex);
    plan_requests.push_back(*request);
    *response->mutable_plan() = plan;
    return Answer("Plan", *context);
  }

  grpc::Status Status(grpc::ServerContext* context, const api::StatusRequest* /*request*/,
                      api::StatusResponse* response) override {
    const std::lock_guard lock(mutex);
    *response->mutable_status() = status;
    return Answer("Status", *context);
  }

  grpc::Status Cancel(grpc::ServerContext* context, const api::CancelRequest* request,
                      api::CancelResponse* response) override {
    const std::lock_guard lock(mutex);
    cancel_requests.push_back(*request);
    changed.notify_all();
    response->set_run_id(kRunId);
    return Answer("Cancel", *context);
  }

  grpc::Status ListRuns(grpc::ServerContext* context, const api::ListRunsRequest* request,
                        api::ListRunsResponse* response) override {
    const std::lock_guard lock(mutex);
    // Pages of two at most: the client has to come back.
    std::size_t next = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    for (unsigned i = 0; i < std::min(request->page_size(), 2U) && next < history.size(); ++i) {
      *response->add_runs() = history[next++];
    }
    if (next < history.size()) response->set_next_page_token(std::to_string(next));
    return Answer("ListRuns", *context);
  }

  grpc::Status Resolve(grpc::ServerContext* context, const api::ResolveRequest* request,
                       api::ResolveResponse* response) override {
    const std::lock_guard lock(mutex);
    resolve_requests.push_back(*request);
    response->set_run_id("8-cd34");
    return Answer("Resolve", *context);
  }

  grpc::Status Baseline(grpc::ServerContext* context, const api::BaselineRequest* request,
                        api::BaselineResponse* response) override {
    const std::lock_guard lock(mutex);
    baseline_requests.push_back(*request);
    response->set_run_id("9-ef56");
    response->set_current_version(request->version());
    return Answer("Baseline", *context);
  }

  grpc::Status Run(grpc::ServerContext* context, const api::RunRequest* request,
                   grpc::ServerWriter<api::RunResponse>* writer) override {
    {
      const std::lock_guard lock(mutex);
      run_requests.push_back(*request);
      if (auto answer = Answer("Run", *context); !answer.ok()) return answer;
    }
    return Tell<api::RunResponse>(*request, 0, true, *writer);
  }

  grpc::Status Watch(grpc::ServerContext* context, const api::WatchRequest* request,
                     grpc::ServerWriter<api::WatchResponse>* writer) override {
    {
      const std::lock_guard lock(mutex);
      watch_requests.push_back(*request);
      changed.notify_all();
      if (auto answer = Answer("Watch", *context); !answer.ok()) return answer;
    }
    return Tell<api::WatchResponse>(*request, request->after_sequence(), !request->no_follow(),
                                    *writer);
  }

  /// Events after `after`, up to the last, a pause, or the end of this life of the daemon.
  template <typename Response, typename Request>
  grpc::Status Tell(const Request& request, std::uint64_t after, bool follow,
                    grpc::ServerWriter<Response>& writer) {
    std::unique_lock lock(mutex);
    const int life_of_call = life;
    for (std::uint64_t next = after + 1;; ++next) {
      const auto may_go_on = [&] { return life != life_of_call || next < pause_before || !follow; };
      changed.wait(lock, may_go_on);
      if (life != life_of_call) return {grpc::StatusCode::UNAVAILABLE, "the daemon went away"};
      if (next > facts.size() || (!follow && next >= pause_before)) return grpc::Status::OK;
      Response response;
      *response.mutable_event() = facts[next - 1];
      response.set_run_id(kRunId);
      while (request.accept_following() && !older && next < facts.size() &&
             next + 1 < pause_before) {
        *response.add_following() = facts[next++];
      }
      lock.unlock();
      writer.Write(response);
      lock.lock();
    }
  }

  /// Requires the lock.
  grpc::Status Answer(const std::string& method, grpc::ServerContext& context) {
    std::deque<Refusal>& waiting = refusals[method];
    if (waiting.empty()) return grpc::Status::OK;
    const Refusal refusal = waiting.front();
    waiting.pop_front();
    if (!refusal.reason.empty()) context.AddTrailingMetadata("telec-reason", refusal.reason);
    if (!refusal.hint.empty()) context.AddTrailingMetadata("telec-hint", refusal.hint);
    return {static_cast<grpc::StatusCode>(refusal.code), refusal.message};
  }

  void SetFacts(std::vector<api::Event> from, std::size_t kept) {
    facts.resize(std::min(kept, facts.size()));
    for (api::Event& fact : from) {
      facts.push_back(std::move(fact));
      facts.back().set_sequence(facts.size());
      facts.back().set_time_unix_us(kTime + static_cast<std::int64_t>(facts.size()));
    }
  }

  mutable std::mutex mutex;
  std::condition_variable changed;
  int life = 0;
  api::Plan plan;
  api::HostStatus status;
  std::vector<api::RunSummary> history;
  std::vector<api::Event> facts;
  std::uint64_t pause_before = UINT64_MAX;
  bool older = false;
  std::map<std::string, std::deque<Refusal>> refusals;
  std::vector<api::PlanRequest> plan_requests;
  std::vector<api::RunRequest> run_requests;
  std::vector<api::WatchRequest> watch_requests;
  std::vector<api::CancelRequest> cancel_requests;
  std::vector<api::ResolveRequest> resolve_requests;
  std::vector<api::BaselineRequest> baseline_requests;
};

struct FakeDaemon::Listening {
  std::unique_ptr<grpc::Server> server;
};

FakeDaemon::FakeDaemon() : socket_(directory_ / "d.sock"), service_(std::make_unique<Service>()) {
  Starts();
}

FakeDaemon::~FakeDaemon() { Stops(); }

void FakeDaemon::Starts() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + socket_, grpc::InsecureServerCredentials());
  builder.SetMaxSendMessageSize(-1);
  builder.RegisterService(service_.get());
  listening_ = std::make_unique<Listening>(Listening{builder.BuildAndStart()});
}

void FakeDaemon::Stops() {
  if (listening_ == nullptr) return;
  {
    const std::lock_guard lock(service_->mutex);
    ++service_->life;
  }
  service_->changed.notify_all();
  listening_->server->Shutdown(std::chrono::system_clock::now());
  listening_->server->Wait();
  listening_.reset();
}

void FakeDaemon::Plans(const api::Plan& plan) {
  const std::lock_guard lock(service_->mutex);
  service_->plan = plan;
}

void FakeDaemon::HasStatus(const api::HostStatus& status) {
  const std::lock_guard lock(service_->mutex);
  service_->status = status;
}

void FakeDaemon::HasHistory(const std::vector<api::RunSummary>& runs) {
  const std::lock_guard lock(service_->mutex);
  service_->history = runs;
}

void FakeDaemon::Refuses(const std::string& method, const Refusal& refusal) {
  const std::lock_guard lock(service_->mutex);
  service_->refusals[method].push_back(refusal);
}

void FakeDaemon::Runs(const std::vector<api::Event>& facts) {
  const std::lock_guard lock(service_->mutex);
  service_->SetFacts(facts, 0);
}

void FakeDaemon::IsOlder() {
  const std::lock_guard lock(service_->mutex);
  service_->older = true;
}

void FakeDaemon::PausesBefore(std::uint64_t sequence) {
  const std::lock_guard lock(service_->mutex);
  service_->pause_before = sequence;
}

void FakeDaemon::GoesOn() { GoesOnUntilBefore(UINT64_MAX); }

void FakeDaemon::GoesOnUntilBefore(std::uint64_t sequence) {
  PausesBefore(sequence);
  service_->changed.notify_all();
}

void FakeDaemon::GoesOnWith(const std::vector<api::Event>& facts) {
  {
    const std::lock_guard lock(service_->mutex);
    service_->SetFacts(facts, service_->pause_before - 1);
  }
  GoesOn();
}

std::vector<api::PlanRequest> FakeDaemon::plan_requests() const {
  const std::lock_guard lock(service_->mutex);
  return service_->plan_requests;
}

std::vector<api::RunRequest> FakeDaemon::run_requests() const {
  const std::lock_guard lock(service_->mutex);
  return service_->run_requests;
}

std::vector<api::WatchRequest> FakeDaemon::watch_requests() const {
  const std::lock_guard lock(service_->mutex);
  return service_->watch_requests;
}

std::vector<api::ResolveRequest> FakeDaemon::resolve_requests() const {
  const std::lock_guard lock(service_->mutex);
  return service_->resolve_requests;
}

std::vector<api::BaselineRequest> FakeDaemon::baseline_requests() const {
  const std::lock_guard lock(service_->mutex);
  return service_->baseline_requests;
}

api::CancelRequest FakeDaemon::AwaitCancel(std::size_t count) {
  std::unique_lock lock(service_->mutex);
  const auto came = [&] { return service_->cancel_requests.size() >= count; };
  if (service_->changed.wait_for(lock, kLimit, came)) return service_->cancel_requests[count - 1];
  ADD_FAILURE() << "no Cancel number " << count << " came";
  return {};
}

api::WatchRequest FakeDaemon::AwaitWatch(std::size_t count) {
  std::unique_lock lock(service_->mutex);
  const auto came = [&] { return service_->watch_requests.size() >= count; };
  if (service_->changed.wait_for(lock, kLimit, came)) return service_->watch_requests[count - 1];
  ADD_FAILURE() << "no Watch number " << count << " came";
  return {};
}

}  // namespace telec::testing

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "client/api.h"
#include "client/error.h"
#include "client/file_descriptor.h"

namespace telec {

/// Starts gRPC's threads, once for the process and never to be undone: it need not wait for the
/// first Service, and whoever waits for this command need not wait for their end. From any thread.
void StartTransport();

/// A run's events as they arrive on one call.
class EventStream {
 public:
  virtual ~EventStream() = default;

  /// The next one, alone in its response, to be looked at until the next call; blocks, and calls
  /// `before_waiting` when that may take a while: what came together has been given. Null: the call
  /// ended, see End().
  virtual const api::RunResponse* Next(const std::function<void()>& before_waiting) = 0;

  const api::RunResponse* Next() {
    return Next([] {});
  }

  /// Requires that Next() gave null. nullopt: the daemon ended the call and saw nothing wrong.
  virtual std::optional<Error> End() = 0;

  /// Ends the call; what the daemon does goes on. Next() soon gives null. From any thread.
  virtual void Abandon() = 0;
};

/// The daemon's API over one connection. From any thread. The only door to gRPC: its headers cost
/// two seconds a file. Errors have the daemon's reason and hint; without a reason the connection
/// failed.
class Service {
 public:
  /// Talks over `socket`, which must be connected. `where` names the daemon in messages.
  Service(FileDescriptor socket, std::string where);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Calls that answer within two minutes, or fail with DEADLINE_EXCEEDED. Only a Plan that probes
  /// may take its time.
  Result<api::PlanResponse> Plan(const api::PlanRequest& request);
  Result<api::StatusResponse> Status();
  Result<api::CancelResponse> Cancel(const api::CancelRequest& request);
  Result<api::ListRunsResponse> ListRuns(const api::ListRunsRequest& request);
  Result<api::ResolveResponse> Resolve(const api::ResolveRequest& request);
  Result<api::BaselineResponse> Baseline(const api::BaselineRequest& request);

  /// Streams outlive neither this object nor their run. How many events the daemon sends at once is
  /// not the caller's concern.
  std::unique_ptr<EventStream> Run(api::RunRequest request);
  std::unique_ptr<EventStream> Watch(api::WatchRequest request);

 private:
  struct Transport;
  const std::unique_ptr<Transport> transport_;
};

}  // namespace telec

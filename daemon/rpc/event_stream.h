#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/rpc/errors.h"
#include "daemon/rpc/service_context.h"
#include "daemon/rpc/translate.h"

namespace migrationd::rpc {

/// Streams a run's events from a cursor, one write in flight: what is recent from the run's feed,
/// the rest from the store, page by page. A client that does not read holds one page and nothing
/// else.
///
/// At any time one party moves the stream on: gRPC (a write is in flight), the feed (it waits for
/// an event), or the loop (a page is being read). Only cancellation comes from the side. Deletes
/// itself in OnDone. `Response` has `event` and `run_id`.
template <typename Response>
class EventStream final : public grpc::ServerWriteReactor<Response> {
 public:
  EventStream(const ServiceContext& services, grpc::CallbackServerContext& context)
      : services_(services), context_(context) {
    services_.live.Add();
  }

  /// The engine's answer: starts streaming after `position`, or refuses the call. Any thread, once.
  void Start(core::Result<core::Subscription> subscription, std::uint64_t position, bool follow) {
    if (!subscription) {
      End(Refuse(context_, subscription.error()));
      return;
    }
    subscription_ = std::move(*subscription);
    position_ = position;
    follow_ = follow;
    // Whoever joins learns the run's id at once, even before its next event.
    HandOver([this] { this->StartSendInitialMetadata(); });
  }

  void OnSendInitialMetadataDone(bool ok) override { Continue(ok); }
  void OnWriteDone(bool ok) override { Continue(ok); }

  void OnCancel() override {
    std::optional<core::EventFeed::WaitId> waiter;
    {
      const std::lock_guard lock(mutex_);
      cancelled_ = true;
      waiter = std::exchange(waiter_, std::nullopt);
    }
    // Without a waiter somebody else is moving the stream on and will notice.
    if (!waiter) return;
    subscription_.feed->Forget(*waiter);
    End(grpc::Status::CANCELLED);
  }

  void OnDone() override {
    HandOver([] {});
    LiveStreams& live = services_.live;
    delete this;
    live.Remove();
  }

 private:
  static constexpr std::size_t kPageBytes = 256U << 10U;

  /// Starts an operation of gRPC's, whose end another thread may hear of before this call returns:
  /// it waits at the lock, which Pump takes first, until all that this thread does is done.
  template <typename Operation>
  void HandOver(Operation operation) {
    const std::lock_guard lock(mutex_);
    operation();
  }

  void End(grpc::Status status) {
    HandOver([&] { this->Finish(std::move(status)); });
  }

  void Continue(bool ok) {
    if (!ok) {
      End(grpc::Status::CANCELLED);
      return;
    }
    Pump();
  }

  void Pump() {
    while (true) {
      if (Cancelled()) {
        End(grpc::Status::CANCELLED);
        return;
      }
      if (next_ < page_.size()) {
        WriteNext();
        return;
      }
      if (complete_) {
        End(grpc::Status::OK);
        return;
      }
      if (!subscription_.feed) {
        ReadStored();
        return;
      }
      core::EventFeed::Page page = subscription_.feed->ReadAfter(position_, kPageBytes);
      if (page.behind) {
        ReadStored();
        return;
      }
      if (page.error) {
        End(Refuse(context_, *page.error));
        return;
      }
      complete_ = page.complete;
      if (page.events.empty() && !complete_) {
        if (!follow_) {
          End(grpc::Status::OK);
          return;
        }
        if (Wait()) return;
        continue;
      }
      Take(std::move(page.events));
    }
  }

  void Take(std::vector<core::EventPtr> events) {
    page_ = std::move(events);
    next_ = 0;
    if (!page_.empty()) position_ = page_.back()->sequence;
  }

  void WriteNext() {
    response_.Clear();
    response_.set_run_id(subscription_.run.text);
    ToApi(*page_[next_], *response_.mutable_event());
    page_[next_++].reset();
    const bool last = complete_ && next_ == page_.size();
    if (last) {
      HandOver([this] {
        this->StartWriteAndFinish(&response_, grpc::WriteOptions(), grpc::Status::OK);
      });
      return;
    }
    grpc::WriteOptions options;
    if (next_ < page_.size()) options.set_buffer_hint();
    HandOver([&] { this->StartWrite(&response_, options); });
  }

  /// False: there is something to read already.
  bool Wait() {
    const std::lock_guard lock(mutex_);
    if (cancelled_) return false;
    waiter_ = subscription_.feed->Wait(position_, [this] { Wake(); });
    return waiter_.has_value();
  }

  /// On the appending thread, under the feed's lock: hand over and be gone.
  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      if (!std::exchange(waiter_, std::nullopt)) return;
    }
    services_.streams.Push([this] { Pump(); });
  }

  void ReadStored() {
    services_.executor.Post([this] {
      auto page = services_.engine.ReadEvents(subscription_.run, position_, kPageBytes);
      services_.streams.Push(
          [this, page = std::move(page)]() mutable { OnStored(std::move(page)); });
    });
  }

  void OnStored(core::Result<core::EventPage> page) {
    if (!page) {
      End(Refuse(context_, page.error()));
      return;
    }
    const bool at_end = page->events.empty();
    complete_ = page->complete;
    Take(std::move(page->events));
    // A run without an end that nobody is executing waits for its recovery: there is nothing to
    // follow yet.
    if (at_end && !complete_ && !subscription_.feed) complete_ = true;
    Pump();
  }

  bool Cancelled() {
    const std::lock_guard lock(mutex_);
    return cancelled_;
  }

  const ServiceContext& services_;
  grpc::CallbackServerContext& context_;
  core::Subscription subscription_;
  std::uint64_t position_ = 0;  ///< Sequence of the last event of `page_`, or before it.
  bool follow_ = true;
  bool complete_ = false;  ///< Nothing comes after `page_`.
  std::vector<core::EventPtr> page_;
  std::size_t next_ = 0;
  Response response_;

  std::mutex mutex_;
  bool cancelled_ = false;
  std::optional<core::EventFeed::WaitId>
      waiter_;  ///< Set while the feed is the one to move the stream on.
};

}  // namespace migrationd::rpc

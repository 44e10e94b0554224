#include "daemon/rpc/event_stream.h"

#include <utility>

#include "daemon/rpc/errors.h"

namespace migrationd::rpc {
namespace {

constexpr std::size_t kPageBytes = std::size_t{256} << 10U;

}  // namespace

EventStream::EventStream(const ServiceContext& services, grpc::CallbackServerContext& context)
    : services_(services), context_(context) {
  services_.live.Add();
}

void EventStream::Start(core::Result<core::Subscription> subscription, const Reading& reading) {
  if (!subscription) return Refuse(subscription.error());
  subscription_ = std::move(*subscription);
  reading_ = reading;
  // Whoever joins learns the run's id at once, even before its next event.
  HandOver([this] { StartSendInitialMetadata(); });
}

void EventStream::Refuse(const core::Error& error) { End(rpc::Refuse(context_, error)); }

void EventStream::OnCancel() {
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

void EventStream::OnDone() {
  HandOver([] {});
  LiveStreams& live = services_.live;
  delete this;
  live.Remove();
}

/// Starts an operation of gRPC's, whose end another thread may hear of before this call returns: it
/// waits at the lock, which Pump takes first, until all that this thread does is done.
template <typename Operation>
void EventStream::HandOver(Operation operation) {
  const std::lock_guard lock(mutex_);
  operation();
}

void EventStream::End(grpc::Status status) {
  HandOver([&] { Finish(std::move(status)); });
}

void EventStream::Continue(bool ok) {
  if (!ok) {
    End(grpc::Status::CANCELLED);
    return;
  }
  Pump();
}

void EventStream::Pump() {
  while (true) {
    if (Cancelled()) {
      End(grpc::Status::CANCELLED);
      return;
    }
    if (!PageIsWritten()) {
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
    const core::EventFeed::Page page = subscription_.feed->ReadAfter(reading_.position, kPageBytes);
    if (page.behind) {
      ReadStored();
      return;
    }
    if (page.error) {
      Refuse(*page.error);
      return;
    }
    complete_ = page.complete;
    if (page.events.empty() && !complete_) {
      if (!reading_.follow) {
        End(grpc::Status::OK);
        return;
      }
      if (Wait()) return;
      continue;
    }
    Take(page.events);
  }
}

void EventStream::Take(const std::vector<core::EventPtr>& events) {
  if (events.empty()) return;
  page_ = services_.pages.Of(subscription_.run, events, reading_.packing);
  next_ = 0;
  reading_.position = events.back()->sequence;
}

void EventStream::WriteNext() {
  message_ = grpc::ByteBuffer(&(*page_)[next_++], 1);
  if (PageIsWritten() && complete_) {
    HandOver([this] { StartWriteAndFinish(&message_, grpc::WriteOptions(), grpc::Status::OK); });
    return;
  }
  grpc::WriteOptions options;
  if (!PageIsWritten()) options.set_buffer_hint();
  HandOver([&] { StartWrite(&message_, options); });
}

/// False: there is something to read already.
bool EventStream::Wait() {
  const std::lock_guard lock(mutex_);
  if (cancelled_) return false;
  // Who waits holds nothing.
  page_.reset();
  waiter_ = subscription_.feed->Wait(reading_.position, [this] { Wake(); });
  return waiter_.has_value();
}

/// On the appending thread, under the feed's lock: hand over and be gone.
void EventStream::Wake() {
  {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(waiter_, std::nullopt)) return;
  }
  MoveOn([this] { Pump(); });
}

template <typename Work>
void EventStream::MoveOn(Work work) {
  if (reading_.first) {
    services_.streams.PushFirst(std::move(work));
  } else {
    services_.streams.Push(std::move(work));
  }
}

void EventStream::ReadStored() {
  services_.executor.Post([this] {
    auto page = services_.engine.ReadEvents(subscription_.run, reading_.position, kPageBytes);
    MoveOn([this, page = std::move(page)]() mutable { OnStored(std::move(page)); });
  });
}

void EventStream::OnStored(core::Result<core::EventPage> page) {
  if (!page) {
    Refuse(page.error());
    return;
  }
  complete_ = page->complete;
  Take(page->events);
  // A run without an end that nobody is executing waits for its recovery: there is nothing to
  // follow yet.
  if (page->events.empty() && !complete_ && !subscription_.feed) complete_ = true;
  Pump();
}

bool EventStream::Cancelled() {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

}  // namespace migrationd::rpc

#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "daemon/core/engine.h"
#include "daemon/rpc/service_context.h"
#include "daemon/rpc/wire_pages.h"

namespace migrationd::rpc {

/// Streams a run's events from a cursor, one write in flight: what is recent from the run's feed,
/// the rest from the store, page by page. A client that does not read holds one page and nothing
/// else.
///
/// At any time one party moves the stream on: gRPC (a write is in flight), the feed (it waits for
/// an event), or the loop (a page is being read). Only cancellation comes from the side. Deletes
/// itself in OnDone. What it writes are messages that are serialised already (WirePages).
class EventStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  /// What the client asked for.
  struct Reading {
    std::uint64_t position = 0;  ///< The events after this one.
    bool follow = true;          ///< Wait for those to come.
    Packing packing = Packing::kSingle;
    bool first = false;  ///< Told before others.
  };

  EventStream(const ServiceContext& services, grpc::CallbackServerContext& context);

  /// The engine's answer: starts streaming, or refuses the call. Any thread, once.
  void Start(core::Result<core::Subscription> subscription, const Reading& reading);

  /// Refuses the call. As Start.
  void Refuse(const core::Error& error);

  void OnSendInitialMetadataDone(bool ok) override { Continue(ok); }
  void OnWriteDone(bool ok) override { Continue(ok); }
  void OnCancel() override;
  void OnDone() override;

 private:
  template <typename Operation>
  void HandOver(Operation operation);
  void End(grpc::Status status);
  void Continue(bool ok);
  void Pump();
  void Take(const std::vector<core::EventPtr>& events);
  void WriteNext();
  bool Wait();
  void Wake();
  template <typename Work>
  void MoveOn(Work work);
  void ReadStored();
  void OnStored(core::Result<core::EventPage> page);
  bool Cancelled();
  bool PageIsWritten() const { return !page_ || next_ == page_->size(); }

  const ServiceContext& services_;
  grpc::CallbackServerContext& context_;
  core::Subscription subscription_;
  Reading reading_;        ///< Its position: of the last event of `page_`, or before it.
  bool complete_ = false;  ///< Nothing comes after `page_`.
  WirePage page_;          ///< Null: nothing was read yet.
  std::size_t next_ = 0;
  grpc::ByteBuffer message_;

  std::mutex mutex_;
  bool cancelled_ = false;
  std::optional<core::EventFeed::WaitId>
      waiter_;  ///< Set while the feed is the one to move the stream on.
};

}  // namespace migrationd::rpc

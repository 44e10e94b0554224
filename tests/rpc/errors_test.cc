#include "daemon/rpc/errors.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/server_posix.h>
#include <gtest/gtest.h>

#include <map>
#include <mutex>
#include <string>

#include "daemon/core/text.h"
#include "tests/rpc/served_host.h"
#include "tests/rpc/socket_pair.h"

namespace migrationd::rpc {
namespace {

using core::Reason;
using grpc::StatusCode;

/// Answers every Status call with an error; real gRPC on a real socket.
class Refusing final : public api::MigrationService::CallbackService {
 public:
  Refusing() {
    grpc::ServerBuilder builder;
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    const SocketPair sockets = MakeSocketPair();
    grpc::AddInsecureChannelFromFd(server_.get(), sockets.server);
    client_ = std::make_unique<Client>(grpc::CreateInsecureChannelFromFd("test", sockets.client));
  }

  grpc::ServerUnaryReactor* Status(grpc::CallbackServerContext* context,
                                   const api::StatusRequest* /*request*/,
                                   api::StatusResponse* /*response*/) override {
    auto* reactor = context->DefaultReactor();
    const std::lock_guard lock(mutex_);
    reactor->Finish(Refuse(*context, error_));
    return reactor;
  }

  /// The status of a call that is refused with `error`, and its trailing metadata.
  grpc::Status Call(const core::Error& error) {
    {
      const std::lock_guard lock(mutex_);
      error_ = error;
    }
    context_ = Context();
    api::StatusResponse response;
    return client_->api->Status(context_.get(), {}, &response);
  }
  std::string reason() const { return TrailerOf(*context_, kReasonKey); }
  std::string hint() const { return TrailerOf(*context_, kHintKey); }

 private:
  std::mutex mutex_;
  core::Error error_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<grpc::ClientContext> context_;
};

TEST(Errors, EachReasonHasItsCanonicalCode) {
  const std::map<Reason, StatusCode> expected = {
      {Reason::kInvalidArgument, StatusCode::INVALID_ARGUMENT},
      {Reason::kInvalidVersion, StatusCode::INVALID_ARGUMENT},
      {Reason::kBackwardRange, StatusCode::INVALID_ARGUMENT},
      {Reason::kCatalogueMissing, StatusCode::FAILED_PRECONDITION},
      {Reason::kCatalogueInvalid, StatusCode::FAILED_PRECONDITION},
      {Reason::kPlanMoved, StatusCode::FAILED_PRECONDITION},
      {Reason::kOutOfOrder, StatusCode::FAILED_PRECONDITION},
      {Reason::kRequestIdReused, StatusCode::FAILED_PRECONDITION},
      {Reason::kRunInProgress, StatusCode::ABORTED},
      {Reason::kNoRunInProgress, StatusCode::NOT_FOUND},
      {Reason::kRunNotFound, StatusCode::NOT_FOUND},
      {Reason::kMigrationNotFound, StatusCode::NOT_FOUND},
      {Reason::kPositionUnknown, StatusCode::OUT_OF_RANGE},
      {Reason::kStateDamaged, StatusCode::DATA_LOSS},
      {Reason::kStateLocked, StatusCode::UNAVAILABLE},
      {Reason::kStorageFull, StatusCode::RESOURCE_EXHAUSTED},
      {Reason::kStorageFailed, StatusCode::UNAVAILABLE},
      {Reason::kSurvivors, StatusCode::UNAVAILABLE},
      {Reason::kInterpreterFailed, StatusCode::UNAVAILABLE},
      {Reason::kShuttingDown, StatusCode::UNAVAILABLE},
      {Reason::kPermissionDenied, StatusCode::PERMISSION_DENIED},
      {Reason::kConfigInvalid, StatusCode::INTERNAL},
      {Reason::kSocketUnusable, StatusCode::INTERNAL},
      {Reason::kInternal, StatusCode::INTERNAL},
  };
  EXPECT_EQ(expected.size(), static_cast<std::size_t>(Reason::kInternal) + 1);
  Refusing service;
  for (const auto& [reason, code] : expected) {
    const grpc::Status status = service.Call({reason, "what failed, and why", "What to do."});
    EXPECT_EQ(status.error_code(), code) << core::ReasonName(reason);
    EXPECT_EQ(status.error_message(), "what failed, and why");
    EXPECT_EQ(service.reason(), core::ReasonName(reason));
    EXPECT_EQ(service.hint(), "What to do.");
  }
}

TEST(Errors, WithoutAHintHaveNone) {
  Refusing service;
  EXPECT_FALSE(service.Call({Reason::kInternal, "a mistake of ours", ""}).ok());
  EXPECT_EQ(service.reason(), "INTERNAL");
  EXPECT_EQ(service.hint(), "");
}

TEST(Errors, MayHaveLinesAndAnyLanguage) {
  Refusing service;
  const std::string words = "the catalogue '/größe €' has errors:\n  '100%' is odd\n  and 2 more";
  EXPECT_EQ(service.Call({Reason::kCatalogueInvalid, words, ""}).error_message(), words);
}

TEST(Errors, HintsAreWhatAHeaderMayHold) {
  Refusing service;
  ASSERT_FALSE(service.Call({Reason::kInternal, "words", "Look at 'größe'\nthen go on."}).ok());
  EXPECT_EQ(service.hint(), "Look at 'gr????e'?then go on.");
}

TEST(Errors, AreCutBeforeTheyAreTooLongForAHeader) {
  Refusing service;
  for (const std::string& letter : {std::string("x"), std::string("€"), std::string("\n")}) {
    std::string words;
    while (words.size() < 100'000) words += letter;
    const grpc::Status status = service.Call({Reason::kCatalogueInvalid, words, words});
    EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
    EXPECT_EQ(service.reason(), "CATALOGUE_INVALID");
    EXPECT_EQ(status.error_message().substr(0, 900 / letter.size() * letter.size()),
              words.substr(0, 900 / letter.size() * letter.size()));
    EXPECT_EQ(core::ToValidUtf8(status.error_message()), status.error_message())
        << "not cut within a character";
    EXPECT_FALSE(service.hint().empty());
  }
}

TEST(Errors, ThatQuoteFileNamesWhichAreNotUtf8Arrive) {
  Refusing service;
  const grpc::Status status =
      service.Call({Reason::kCatalogueMissing, "cannot read '/migr\xFFtions'", ""});
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(), "cannot read '/migr\uFFFDtions'");
}

}  // namespace
}  // namespace migrationd::rpc

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

#include "daemon/rpc/wire_pages.h"
#include "tests/rpc/streams_fixture.h"

namespace migrationd::rpc {
namespace {

core::EngineOptions SmallWindow() {
  core::EngineOptions options;
  options.run.feed_bytes = 4096;
  return options;
}

TEST_F(Streams, ARunIsToldFromItsFirstEventToItsLast) {
  const auto run = client_.api->Run(run_context_.get(), {});
  std::vector<api::RunResponse> responses;
  for (api::RunResponse response; run->Read(&response);) responses.push_back(response);
  EXPECT_TRUE(run->Finish().ok());
  ASSERT_EQ(responses.size(), 6U);
  EXPECT_TRUE(responses.front().event().has_run_started());
  EXPECT_TRUE(responses.back().event().has_run_ended());
  for (std::size_t i = 0; i < responses.size(); ++i) {
    EXPECT_EQ(responses[i].event().sequence(), i + 1);
    EXPECT_EQ(responses[i].run_id(), responses[0].run_id());
  }
}

TEST_F(Streams, AFailedMigrationIsAnOkStreamWhoseLastEventSaysSo) {
  host_.Do([this] { host_.runner.On("1.1.0/002_b.py").FailsIn(core::Phase::kMigrate, "boom"); });
  const auto run = client_.api->Run(run_context_.get(), {});
  api::RunResponse last;
  while (run->Read(&last)) continue;
  EXPECT_TRUE(run->Finish().ok());
  EXPECT_EQ(last.event().run_ended().outcome(), api::RUN_OUTCOME_FAILED);
}

TEST_F(Streams, ARetryJoinsMidWayAndSeesAllOfIt) {
  api::RunRequest request;
  request.set_request_id("uuid");
  const auto first = StartRunToJoin(request);
  const Client other = host_.Connect();
  const auto second = other.api->Run(context_.get(), request);
  api::RunResponse response;
  ASSERT_TRUE(second->Read(&response));
  EXPECT_EQ(response.event().sequence(), 1U);
  host_.FinishScript();
  EXPECT_EQ(ReadSequences(*second, api::RunResponse()), FromTo(2, StoredEvents()));
  EXPECT_TRUE(second->Finish().ok());
  EXPECT_EQ(ReadSequences(*first, api::RunResponse()), FromTo(1, StoredEvents()));
}

TEST_F(Streams, AWatchGoesOnAfterAnyPositionWithoutAGapOrARepeat) {
  StartRunThatHangs();
  host_.PrintLines(5);
  std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
  std::vector<std::unique_ptr<grpc::ClientReader<api::WatchResponse>>> watches;
  const std::uint64_t known = StoredEvents();
  for (std::uint64_t after = 0; after <= known; ++after) {
    contexts.push_back(Context());
    watches.push_back(client_.api->Watch(contexts.back().get(), After(after)));
    watches.back()->WaitForInitialMetadata();
  }
  host_.PrintLines(5);
  host_.FinishScript();
  for (std::uint64_t after = 0; after <= known; ++after) {
    EXPECT_EQ(ReadSequences(*watches[after], api::WatchResponse()),
              FromTo(after + 1, known + 5 + 4))
        << after;
    EXPECT_TRUE(watches[after]->Finish().ok());
  }
}

TEST_F(Streams, AFinishedRunCanBeWatched) {
  const std::string run = host_.RunToItsEnd();
  host_.RunToItsEnd();
  api::WatchRequest request = After(3);
  request.set_run_id(run);
  const auto watch = client_.api->Watch(context_.get(), request);
  EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), FromTo(4, 6));
  EXPECT_TRUE(watch->Finish().ok());
}

TEST_F(Streams, AfterTheLastEventThereIsNothingMore) {
  host_.RunToItsEnd();
  const auto watch = client_.api->Watch(context_.get(), After(6));
  EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), FromTo(1, 0));
  EXPECT_TRUE(watch->Finish().ok());
}

TEST_F(Streams, WithoutFollowingItTellsWhatIsRecordedAndEnds) {
  StartRunThatHangs();
  api::WatchRequest request;
  request.set_no_follow(true);
  const auto watch = client_.api->Watch(context_.get(), request);
  EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), FromTo(1, 2));
  EXPECT_TRUE(watch->Finish().ok());
}

TEST_F(Streams, APositionThatTheLogDoesNotHaveIsAnsweredHonestly) {
  host_.RunToItsEnd();
  const auto watch = client_.api->Watch(context_.get(), After(7));
  EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), FromTo(1, 0));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
  EXPECT_EQ(TrailerOf(*context_, "telec-reason"), "POSITION_UNKNOWN");
}

TEST_F(Streams, APositionIsKnownByItsTimeToo) {
  host_.RunToItsEnd();
  api::WatchRequest request = After(3);
  request.set_after_time_unix_us(12345);
  const auto watch = client_.api->Watch(context_.get(), request);
  EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), FromTo(1, 0));
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

TEST_F(Streams, ARunThatNobodyKnowsIsNotFound) {
  for (const char* run : {"77", "1-00000000"}) {
    api::WatchRequest request;
    request.set_run_id(run);
    const auto context = Context();
    const auto watch = client_.api->Watch(context.get(), request);
    EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
  }
  api::WatchRequest request;
  request.set_run_id("../../etc/passwd");
  const auto watch = client_.api->Watch(context_.get(), request);
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(Streams, AClientThatIsGoneChangesNothing) {
  StartRunThatHangs();
  run_context_->TryCancel();
  EXPECT_EQ(run_->Finish().error_code(), grpc::StatusCode::CANCELLED);
  host_.PrintLines(100);
  host_.FinishScript();
  const auto watch = client_.api->Watch(context_.get(), {});
  api::WatchResponse last;
  while (watch->Read(&last)) continue;
  EXPECT_EQ(last.event().run_ended().outcome(), api::RUN_OUTCOME_SUCCEEDED);
}

TEST_F(Streams, AConnectionThatBreaksChangesNothing) {
  host_.Do([this] { host_.runner.On("1.1.0/001_a.py").HangsUntilStopped(); });
  {
    auto doomed = std::make_unique<Client>(host_.Connect());
    auto context = Context();
    auto run = doomed->api->Run(context.get(), {});
    host_.AwaitScript("1.1.0/001_a.py");
    context->TryCancel();
    run->Finish();
  }
  host_.FinishScript();
  const auto watch = client_.api->Watch(context_.get(), {});
  EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), FromTo(1, 6));
}

TEST_F(Streams, AWatchThatIsCancelledWhileItWaitsEnds) {
  StartRunThatHangs();
  const auto watch = client_.api->Watch(context_.get(), After(2));
  watch->WaitForInitialMetadata();
  context_->TryCancel();
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::CANCELLED);
  host_.PrintLines(10);
  host_.FinishScript();
  EXPECT_EQ(ReadSequences(*run_, api::RunResponse()), FromTo(1, StoredEvents()));
}

TEST_F(Streams, WhatCanNoLongerBeStoredIsNotToldAndTheStreamSaysWhy) {
  StartRunThatHangs();
  host_.Do([this] { host_.store.FailNextWrite(fakes::DiskBroken()); });
  host_.FinishScript();
  EXPECT_EQ(ReadSequences(*run_, api::RunResponse()), FromTo(1, 2));
  const grpc::Status status = run_->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(status.error_message(), "cannot write the run log: Input/output error");
  EXPECT_EQ(TrailerOf(*run_context_, "telec-reason"), "STORAGE_FAILED");
}

TEST_F(Streams, ARunWithoutAnEndThatNobodyExecutesIsToldAsFarAsItIsKnown) {
  StartRunThatHangs();
  host_.Do([this] { host_.store.FailNextWrite(fakes::DiskBroken()); });
  host_.FinishScript();
  // The next script, which was asked its check() already, is stopped first.
  while (host_.Do([this] { return host_.engine.serving(); })) continue;
  const auto watch = client_.api->Watch(context_.get(), {});
  EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), FromTo(1, 2));
  EXPECT_TRUE(watch->Finish().ok());
}

class SlowStreams : public Streams {
 protected:
  SlowStreams() : Streams(SmallWindow()) {}
};

TEST_F(SlowStreams, AReaderThatLagsBehindTheWindowReadsFromTheStore) {
  StartRunThatHangs();
  const auto watch = client_.api->Watch(context_.get(), {});
  watch->WaitForInitialMetadata();
  // More than the window, and more than HTTP/2 and the socket take in: the reader sleeps meanwhile.
  host_.PrintLines(4000, 1000);
  host_.FinishScript();
  const auto expected = FromTo(1, 2 + 4000 + 4);
  EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), expected);
  EXPECT_TRUE(watch->Finish().ok());
  EXPECT_GT(host_.Do([this] { return host_.store.reads(); }), 1);
  EXPECT_EQ(ReadSequences(*run_, api::RunResponse()), expected);
}

TEST_F(SlowStreams, WhatComesTogetherStaysSmallWhateverIsPrinted) {
  StartRunThatHangs();
  host_.PrintLines(200, 10'000);
  host_.FinishScript();
  const auto watch = client_.api->Watch(context_.get(), Together(0));
  std::vector<std::uint64_t> seen;
  std::uint64_t responses = 0;
  for (api::WatchResponse response; watch->Read(&response); ++responses) {
    EXPECT_LT(response.ByteSizeLong(), 2 * kLargestBatch);
    const auto more = SequencesOf(response);
    seen.insert(seen.end(), more.begin(), more.end());
  }
  EXPECT_EQ(seen, FromTo(1, 2 + 200 + 4));
  EXPECT_LT(responses, 100U);
}

TEST_F(SlowStreams, AReaderThatDoesNotReadHoldsNobodyUp) {
  StartRunThatHangs();
  const auto watch = client_.api->Watch(context_.get(), {});
  watch->WaitForInitialMetadata();
  host_.PrintLines(4000, 1000);
  host_.FinishScript();
  const Client quick = host_.Connect();
  const auto context = Context();
  const auto other = quick.api->Watch(context.get(), After(4000));
  EXPECT_EQ(ReadSequences(*other, api::WatchResponse()), FromTo(4001, 4006));
  EXPECT_TRUE(other->Finish().ok());
  context_->TryCancel();
}

TEST_F(SlowStreams, WatchersThatCutAndResumeSeeEachEventOnce) {
  constexpr unsigned kWatchers = 8;
  constexpr std::uint64_t kEvents = 2 + 3000 + 4;
  StartRunThatHangs();
  std::vector<std::vector<std::uint64_t>> seen(kWatchers);
  std::vector<std::thread> watchers;
  for (unsigned i = 0; i < kWatchers; ++i) {
    watchers.emplace_back([this, i, &seen] {
      std::mt19937 random(i);
      const Client client = host_.Connect();
      while (seen[i].empty() || seen[i].back() < kEvents) {
        const auto context = Context();
        const std::uint64_t after = seen[i].size();
        const auto watch =
            client.api->Watch(context.get(), random() % 2 == 0 ? After(after) : Together(after));
        api::WatchResponse response;
        const std::uint64_t enough = after + random() % 400;
        while (seen[i].size() < enough && watch->Read(&response)) {
          for (const std::uint64_t sequence : SequencesOf(response)) {
            if (seen[i].size() < enough) seen[i].push_back(sequence);
          }
        }
        context->TryCancel();
        watch->Finish();
      }
    });
  }
  for (int i = 0; i < 300; ++i) host_.PrintLines(10, 100);
  host_.FinishScript();
  for (std::thread& watcher : watchers) watcher.join();
  for (const auto& sequences : seen) EXPECT_EQ(sequences, FromTo(1, kEvents));
}

}  // namespace
}  // namespace migrationd::rpc

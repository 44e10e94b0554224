#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/rpc/streams_fixture.h"

// Several events in one response, for who accepts them.
namespace migrationd::rpc {
namespace {

/// From the first event to `last`.
template <typename Reader, typename Response>
void ExpectEachAlone(Reader& reader, Response response, std::uint64_t last) {
  for (std::uint64_t sequence = 1; sequence <= last; ++sequence) {
    ASSERT_TRUE(reader.Read(&response)) << sequence;
    EXPECT_EQ(SequencesOf(response), FromTo(sequence, sequence));
  }
  EXPECT_FALSE(reader.Read(&response));
}

TEST_F(Streams, WhoAcceptsItGetsInOneResponseWhatComesTogether) {
  StartRunThatHangs();
  host_.PrintLines(100);
  const auto watch = client_.api->Watch(context_.get(), Together(0));
  api::WatchResponse response;
  ASSERT_TRUE(watch->Read(&response));
  EXPECT_EQ(SequencesOf(response), FromTo(1, 2 + 100));
  host_.FinishScript();
  EXPECT_EQ(ReadSequences(*watch, api::WatchResponse()), FromTo(2 + 100 + 1, 2 + 100 + 4));
  EXPECT_TRUE(watch->Finish().ok());
}

TEST_F(Streams, WhoDoesNotGetsEachEventAlone) {
  host_.RunToItsEnd();
  const auto together = client_.api->Watch(context_.get(), Together(0));
  EXPECT_EQ(ReadSequences(*together, api::WatchResponse()), FromTo(1, 6));
  const auto context = Context();
  const auto watch = client_.api->Watch(context.get(), After(0));
  ExpectEachAlone(*watch, api::WatchResponse(), 6);
}

TEST_F(Streams, WhatCameTogetherCanBeGoneOnWithAfterAnyOfIt) {
  const std::string run = host_.RunToItsEnd();
  for (std::uint64_t after = 0; after < 6; ++after) {
    const auto context = Context();
    const auto watch = client_.api->Watch(context.get(), Together(after));
    api::WatchResponse response;
    ASSERT_TRUE(watch->Read(&response));
    EXPECT_EQ(SequencesOf(response), FromTo(after + 1, 6));
    EXPECT_EQ(response.run_id(), run);
    EXPECT_FALSE(watch->Read(&response));
    EXPECT_TRUE(watch->Finish().ok());
  }
}

TEST_F(Streams, ARetryMayAcceptWhatTheFirstCallDidNot) {
  api::RunRequest request;
  request.set_request_id("uuid");
  const auto first = StartRunToJoin(request);
  request.set_accept_following(true);
  const auto second = client_.api->Run(context_.get(), request);
  api::RunResponse response;
  ASSERT_TRUE(second->Read(&response));
  EXPECT_EQ(SequencesOf(response), FromTo(1, 12));
  host_.FinishScript();
  EXPECT_EQ(ReadSequences(*second, api::RunResponse()), FromTo(13, 16));
  ExpectEachAlone(*first, response, 16);
}

}  // namespace
}  // namespace migrationd::rpc

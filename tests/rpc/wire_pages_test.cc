#include "daemon/rpc/wire_pages.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/rpc/translate.h"
#include "tests/rpc/samples.h"

namespace migrationd::rpc {
namespace {

const core::RunId kRun = core::MakeRunId(7, 0xab12);

/// A run in which everything happens.
std::vector<core::EventPtr> Everything() {
  std::vector<core::EventPtr> events;
  for (core::Fact& fact : samples::Facts()) {
    events.push_back(std::make_shared<const core::Event>(
        core::Event{events.size() + 1, core::WallTime{5}, std::move(fact)}));
  }
  return events;
}

template <typename Response>
Response Read(const grpc::Slice& message) {
  Response response;
  EXPECT_TRUE(response.ParseFromArray(message.begin(), static_cast<int>(message.size())));
  return response;
}

/// The event as the API has it, for comparing.
std::string Expected(const core::Event& event) {
  api::Event expected;
  ToApi(event, expected);
  return expected.DebugString();
}

core::EventPtr Output(std::uint64_t sequence, std::string text) {
  return std::make_shared<const core::Event>(core::Event{
      sequence, core::WallTime{5},
      core::OutputWritten{"1.0.0/001_x.py", core::OutputStream::kStdout, std::move(text)}});
}

template <typename Response>
class WirePagesAs : public testing::Test {};

using Responses = testing::Types<api::RunResponse, api::WatchResponse>;
TYPED_TEST_SUITE(WirePagesAs, Responses);

TYPED_TEST(WirePagesAs, EachEventIsAMessageOfItsOwn) {
  WirePages pages;
  const auto events = Everything();
  const WirePage page = pages.Of(kRun, events, Packing::kSingle);
  ASSERT_EQ(page->size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto response = Read<TypeParam>((*page)[i]);
    EXPECT_EQ(response.event().DebugString(), Expected(*events[i]));
    EXPECT_EQ(response.following_size(), 0);
    EXPECT_EQ(response.run_id(), kRun.text);
  }
}

TYPED_TEST(WirePagesAs, OrAllAreOneMessage) {
  WirePages pages;
  const auto events = Everything();
  const WirePage page = pages.Of(kRun, events, Packing::kTogether);
  ASSERT_EQ(page->size(), 1U);
  const auto response = Read<TypeParam>(page->front());
  EXPECT_EQ(response.run_id(), kRun.text);
  EXPECT_EQ(response.event().DebugString(), Expected(*events[0]));
  ASSERT_EQ(static_cast<std::size_t>(response.following_size()), events.size() - 1);
  for (std::size_t i = 1; i < events.size(); ++i) {
    EXPECT_EQ(response.following(static_cast<int>(i) - 1).DebugString(), Expected(*events[i]));
  }
}

/// How many events each message has.
std::vector<int> Batches(const std::vector<core::EventPtr>& events) {
  WirePages pages;
  std::vector<int> counts;
  for (const grpc::Slice& message : *pages.Of(kRun, events, Packing::kTogether)) {
    counts.push_back(1 + Read<api::WatchResponse>(message).following_size());
  }
  return counts;
}

TEST(WirePages, WhatDoesNotFitBeginsAnotherMessage) {
  const std::string third(kLargestBatch / 3, 'x');
  const std::string large(2 * kLargestBatch, 'x');
  EXPECT_EQ(Batches({Output(1, third), Output(2, third), Output(3, third), Output(4, third),
                     Output(5, "")}),
            (std::vector<int>{2, 3}));
  EXPECT_EQ(Batches({Output(1, "a"), Output(2, "b"), Output(3, large), Output(4, "c")}),
            (std::vector<int>{2, 1, 1}));
}

TEST(WirePages, WhoIsShownTheSameSharesIt) {
  WirePages pages;
  const auto events = Everything();
  const WirePage single = pages.Of(kRun, events, Packing::kSingle);
  const WirePage together = pages.Of(kRun, events, Packing::kTogether);
  EXPECT_EQ(pages.Of(kRun, events, Packing::kSingle), single);
  EXPECT_EQ(pages.Of(kRun, events, Packing::kTogether), together);
  const std::vector<core::EventPtr> fewer(events.begin(), events.end() - 1);
  EXPECT_EQ(pages.Of(kRun, fewer, Packing::kSingle)->size(), fewer.size());
  const core::RunId other = core::MakeRunId(8, 0xab12);
  const WirePage page = pages.Of(other, fewer, Packing::kSingle);
  EXPECT_EQ(Read<api::WatchResponse>(page->front()).run_id(), other.text);
}

}  // namespace
}  // namespace migrationd::rpc

#include "daemon/rpc/wire_pages.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
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

TEST(WirePages, EachEventIsAMessageOfItsOwnForRunAndWatchAlike) {
  WirePages pages;
  const auto events = Everything();
  const WirePage page = pages.Of(kRun, events);
  ASSERT_EQ(page->size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    api::Event expected;
    ToApi(*events[i], expected);
    const auto run = Read<api::RunResponse>((*page)[i]);
    const auto watch = Read<api::WatchResponse>((*page)[i]);
    using google::protobuf::util::MessageDifferencer;
    EXPECT_TRUE(MessageDifferencer::Equals(run.event(), expected)) << run.DebugString();
    EXPECT_TRUE(MessageDifferencer::Equals(watch.event(), expected)) << watch.DebugString();
    EXPECT_EQ(run.run_id(), kRun.text);
    EXPECT_EQ(watch.run_id(), kRun.text);
  }
}

TEST(WirePages, WhoIsShownTheSameSharesIt) {
  WirePages pages;
  const auto events = Everything();
  const WirePage first = pages.Of(kRun, events);
  EXPECT_EQ(pages.Of(kRun, events), first);
  const std::vector<core::EventPtr> fewer(events.begin(), events.end() - 1);
  EXPECT_EQ(pages.Of(kRun, fewer)->size(), fewer.size());
  const core::RunId other = core::MakeRunId(8, 0xab12);
  EXPECT_EQ(Read<api::WatchResponse>(pages.Of(other, fewer)->front()).run_id(), other.text);
}

}  // namespace
}  // namespace migrationd::rpc

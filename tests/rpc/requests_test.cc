#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "daemon/rpc/translate.h"

namespace migrationd::rpc {
namespace {

const std::string& Long() {
  static const std::string kText(513, 'x');
  return kText;
}

template <typename Request>
std::string Complaint(const std::function<void(Request&)>& spoil, Request request) {
  spoil(request);
  const auto read = FromApi(request);
  if (read) return "";
  EXPECT_EQ(read.error().reason, core::Reason::kInvalidArgument);
  EXPECT_FALSE(read.error().hint.empty());
  return read.error().message;
}

api::RunRequest GoodRun() {
  api::RunRequest request;
  request.set_request_id("uuid");
  request.set_from_version("1.0");
  request.set_to_version("1.4");
  request.set_plan_digest("digest");
  return request;
}

api::ResolveRequest GoodResolution() {
  api::ResolveRequest request;
  request.set_request_id("uuid");
  request.set_migration_id("1.1.0/001_a.py");
  request.set_resolution(api::RESOLUTION_SKIPPED);
  request.set_reason("not on this host");
  return request;
}

api::BaselineRequest GoodBaseline() {
  api::BaselineRequest request;
  request.set_request_id("uuid");
  request.set_version("1.4");
  return request;
}

/// One thing that is wrong with a request, and what is said about it.
struct Mistake {
  const char* name;
  std::function<std::string()> complaint;
  std::string expected;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

template <typename Request>
std::function<std::string()> In(Request good, void (*spoil)(Request&)) {
  return [good, spoil] { return Complaint<Request>(spoil, good); };
}

std::vector<Mistake> Mistakes() {
  const std::string too_long = "` is longer than 512 bytes";
  const std::string control = "` holds a control character: ";
  return {
      {"PlanFromLong", In<api::PlanRequest>({}, [](auto& r) { r.set_from_version(Long()); }),
       "the field `from_version" + too_long},
      {"PlanToLong", In<api::PlanRequest>({}, [](auto& r) { r.set_to_version(Long()); }),
       "the field `to_version" + too_long},
      {"PlanFromControl", In<api::PlanRequest>({}, [](auto& r) { r.set_from_version("1\n0"); }),
       "the field `from_version" + control + R"('1\n0')"},
      {"RunIdLong",
       In(
           GoodRun(), +[](api::RunRequest& r) { r.set_request_id(Long()); }),
       "the field `request_id" + too_long},
      {"RunIdControl",
       In(
           GoodRun(), +[](api::RunRequest& r) { r.set_request_id("\x1B[2J"); }),
       "the field `request_id" + control + R"('\x1b[2J')"},
      {"RunFromLong",
       In(
           GoodRun(), +[](api::RunRequest& r) { r.set_from_version(Long()); }),
       "the field `from_version" + too_long},
      {"RunToLong",
       In(
           GoodRun(), +[](api::RunRequest& r) { r.set_to_version(Long()); }),
       "the field `to_version" + too_long},
      {"RunDigestLong",
       In(
           GoodRun(), +[](api::RunRequest& r) { r.set_plan_digest(Long()); }),
       "the field `plan_digest" + too_long},
      {"ResolveIdMissing",
       In(
           GoodResolution(), +[](api::ResolveRequest& r) { r.clear_migration_id(); }),
       "the field `migration_id` is missing"},
      {"ResolveIdLong",
       In(
           GoodResolution(), +[](api::ResolveRequest& r) { r.set_migration_id(Long()); }),
       "the field `migration_id" + too_long},
      {"ResolveReasonMissing",
       In(
           GoodResolution(), +[](api::ResolveRequest& r) { r.clear_reason(); }),
       "the field `reason` is missing"},
      {"ResolveReasonLong",
       In(
           GoodResolution(), +[](api::ResolveRequest& r) { r.set_reason(std::string(4097, 'x')); }),
       "the field `reason` is longer than 4096 bytes"},
      {"ResolveAsNothing",
       In(
           GoodResolution(), +[](api::ResolveRequest& r) { r.clear_resolution(); }),
       "the field `resolution` is missing: applied, skipped or pending"},
      {"ResolveAsSomethingNew",
       In(
           GoodResolution(),
           +[](api::ResolveRequest& r) { r.set_resolution(static_cast<api::Resolution>(99)); }),
       "the field `resolution` is missing: applied, skipped or pending"},
      {"ResolveRequestIdLong",
       In(
           GoodResolution(), +[](api::ResolveRequest& r) { r.set_request_id(Long()); }),
       "the field `request_id" + too_long},
      {"BaselineVersionMissing",
       In(
           GoodBaseline(), +[](api::BaselineRequest& r) { r.clear_version(); }),
       "the field `version` is missing"},
      {"BaselineVersionLong",
       In(
           GoodBaseline(), +[](api::BaselineRequest& r) { r.set_version(Long()); }),
       "the field `version" + too_long},
      {"BaselineReasonLong",
       In(
           GoodBaseline(), +[](api::BaselineRequest& r) { r.set_reason(std::string(4097, 'x')); }),
       "the field `reason` is longer than 4096 bytes"},
  };
}

class RequestMistake : public testing::TestWithParam<Mistake> {};

TEST_P(RequestMistake, IsNamedByItsField) {
  EXPECT_EQ(GetParam().complaint(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Requests, RequestMistake, testing::ValuesIn(Mistakes()),
                         [](const auto& mistake) { return std::string(mistake.param.name); });

TEST(Requests, OfAPlanMayLeaveEverythingOut) {
  const auto plan = FromApi(api::PlanRequest());
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->from, std::nullopt);
  EXPECT_EQ(plan->to, std::nullopt);
  EXPECT_FALSE(plan->out_of_order || plan->recheck || plan->probe);
}

TEST(Requests, OfAPlanAreTakenWhole) {
  api::PlanRequest request;
  request.set_from_version("1.0");
  request.set_to_version("");
  request.set_out_of_order(true);
  request.set_recheck(true);
  request.set_probe(true);
  const auto plan = FromApi(request);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->from, "1.0");
  EXPECT_EQ(plan->to, "") << "present and empty is not absent";
  EXPECT_TRUE(plan->out_of_order && plan->recheck && plan->probe);
}

TEST(Requests, OfARunAreTakenWhole) {
  api::RunRequest request = GoodRun();
  request.set_out_of_order(true);
  request.set_recheck(true);
  const auto run = FromApi(request);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->request_id, "uuid");
  EXPECT_EQ(run->plan.from, "1.0");
  EXPECT_EQ(run->plan.to, "1.4");
  EXPECT_TRUE(run->plan.out_of_order && run->plan.recheck);
  EXPECT_EQ(run->plan_digest, "digest");
}

TEST(Requests, OfAResolutionAreTakenWhole) {
  for (const auto& [from, to] : std::vector<std::pair<api::Resolution, core::Resolution>>{
           {api::RESOLUTION_APPLIED, core::Resolution::kApplied},
           {api::RESOLUTION_SKIPPED, core::Resolution::kSkipped},
           {api::RESOLUTION_PENDING, core::Resolution::kPending}}) {
    api::ResolveRequest request = GoodResolution();
    request.set_resolution(from);
    const auto resolve = FromApi(request);
    ASSERT_TRUE(resolve);
    EXPECT_EQ(resolve->resolution, to);
    EXPECT_EQ(resolve->request_id, "uuid");
    EXPECT_EQ(resolve->migration_id, "1.1.0/001_a.py");
    EXPECT_EQ(resolve->reason, "not on this host");
  }
}

TEST(Requests, OfABaselineNeedNoReason) {
  const auto baseline = FromApi(GoodBaseline());
  ASSERT_TRUE(baseline);
  EXPECT_EQ(baseline->version, "1.4");
  EXPECT_EQ(baseline->reason, "");
}

TEST(Requests, AReasonMayHaveLines) {
  api::ResolveRequest request = GoodResolution();
  request.set_reason("first\nsecond");
  EXPECT_EQ(FromApi(request)->reason, "first\nsecond");
}

TEST(Requests, NameRunsByIdOrNumberOrNotAtAll) {
  EXPECT_EQ(*RunIdFromApi(""), std::nullopt);
  EXPECT_EQ((*RunIdFromApi("12"))->number, 12U);
  EXPECT_EQ((*RunIdFromApi("12-3f9c2a7e"))->text, "12-3f9c2a7e");
  for (const std::string& wrong :
       {std::string("latest"), std::string("12-"), Long(), std::string("1\x1B")}) {
    const auto id = RunIdFromApi(wrong);
    ASSERT_FALSE(id);
    EXPECT_EQ(id.error().reason, core::Reason::kInvalidArgument);
    EXPECT_LT(id.error().message.size(), 600U);
  }
}

TEST(Requests, CancelAfterTheCurrentMigrationUnlessToldOtherwise) {
  EXPECT_EQ(FromApi(api::CANCEL_MODE_UNSPECIFIED), core::CancelMode::kAfterCurrent);
  EXPECT_EQ(FromApi(api::CANCEL_MODE_AFTER_CURRENT), core::CancelMode::kAfterCurrent);
  EXPECT_EQ(FromApi(api::CANCEL_MODE_NOW), core::CancelMode::kNow);
}

}  // namespace
}  // namespace migrationd::rpc

#include "daemon/rpc/translate.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/rpc/samples.h"

namespace migrationd::rpc {
namespace {

using Paths = std::vector<std::string>;

TEST(Translation, OfEveryFactDropsNothing) {
  std::set<int> kinds;
  for (const core::Fact& fact : samples::Facts()) {
    api::Event out;
    ToApi(core::Event{7, core::WallTime{123456}, fact}, out);
    EXPECT_EQ(samples::UnsetFields(out), Paths{}) << out.DebugString();
    EXPECT_EQ(out.sequence(), 7U);
    EXPECT_EQ(out.time_unix_us(), 123456);
    kinds.insert(out.fact_case());
  }
  const auto* oneof = api::Event::descriptor()->FindOneofByName("fact");
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(oneof->field_count()))
      << "each fact has its own place";
  EXPECT_EQ(samples::Facts().size(), std::variant_size_v<core::Fact>);
}

TEST(Translation, OfAPlanDropsNothing) {
  api::Plan out;
  core::Plan plan = samples::Plan();
  ToApi(plan, out);
  EXPECT_EQ(samples::UnsetFields(out), Paths{}) << out.DebugString();
  EXPECT_EQ(out.from_version(), "1.0");
  EXPECT_EQ(out.to_version(), "1.4");
  EXPECT_EQ(out.current_version(), "1.0.1");
  EXPECT_EQ(out.pending(), 1U);
  EXPECT_EQ(out.findings(0).severity(), api::SEVERITY_WARNING);
  EXPECT_EQ(out.missing_migration_ids(0), "1.0/009_gone.py");
  EXPECT_EQ(out.migrations(0).probe(), api::PROBE_RESULT_FAILED);
  EXPECT_EQ(out.migrations(0).probe_message(), "no such table");
}

TEST(Translation, OfActionsAndProbesIsOneToOne) {
  const std::vector<std::pair<core::Action, api::Action>> actions = {
      {core::Action::kPending, api::ACTION_PENDING},
      {core::Action::kRecorded, api::ACTION_RECORDED},
      {core::Action::kRecheck, api::ACTION_RECHECK},
      {core::Action::kOutOfOrder, api::ACTION_OUT_OF_ORDER}};
  using Kind = core::ProbeAnswer::Kind;
  const std::vector<std::pair<Kind, api::ProbeResult>> probes = {
      {Kind::kApplied, api::PROBE_RESULT_APPLIED},
      {Kind::kNotApplied, api::PROBE_RESULT_NOT_APPLIED},
      {Kind::kFailed, api::PROBE_RESULT_FAILED}};
  for (const auto& [action, expected] : actions) {
    core::Plan plan = samples::Plan();
    plan.migrations[0].action = action;
    plan.migrations[0].probe.reset();
    api::Plan out;
    ToApi(plan, out);
    EXPECT_EQ(out.migrations(0).action(), expected);
    EXPECT_EQ(out.migrations(0).probe(), api::PROBE_RESULT_UNSPECIFIED);
  }
  for (const auto& [kind, expected] : probes) {
    core::Plan plan = samples::Plan();
    plan.migrations[0].probe = core::ProbeAnswer{kind, ""};
    api::Plan out;
    ToApi(plan, out);
    EXPECT_EQ(out.migrations(0).probe(), expected);
  }
}

TEST(Translation, OfASummaryDropsNothing) {
  api::RunSummary out;
  ToApi(samples::Summary(), out);
  EXPECT_EQ(samples::UnsetFields(out), Paths{}) << out.DebugString();
  EXPECT_EQ(out.run_id(), "12-3f9c2a7e");
  EXPECT_EQ(out.started_unix_us(), 1001);
  EXPECT_EQ(out.ended_unix_us(), 2002);
}

TEST(Translation, OfARunThatGoesOnLeavesItsEndOpen) {
  core::RunSummary summary = samples::Summary();
  summary.ended_at.reset();
  summary.outcome.reset();
  api::RunSummary out;
  ToApi(summary, out);
  EXPECT_FALSE(out.has_ended_unix_us());
  EXPECT_EQ(out.outcome(), api::RUN_OUTCOME_UNSPECIFIED);
}

TEST(Translation, OfAStatusDropsNothing) {
  core::StatusReport report = samples::Status();
  api::HostStatus healthy;
  ToApi(report, true, healthy);
  EXPECT_EQ(samples::UnsetFields(healthy), Paths{"problems"}) << healthy.DebugString();

  report.problems = {"the disk is full. Make room."};
  api::HostStatus unwell;
  ToApi(report, true, unwell);
  EXPECT_EQ(samples::UnsetFields(unwell), Paths{"serving"}) << "a host with problems starts no run";
}

TEST(Translation, OfAStoppingHostIsNotServing) {
  api::HostStatus out;
  ToApi(samples::Status(), false, out);
  EXPECT_FALSE(out.serving());
}

TEST(Translation, OfAnAbsentCauseIsAbsent) {
  core::Failure failure = samples::Failure();
  failure.exit_code.reset();
  failure.signal.reset();
  api::Failure out;
  ToApi(failure, out);
  EXPECT_FALSE(out.has_exit_code());
  EXPECT_FALSE(out.has_signal());
  failure.exit_code = 0;
  ToApi(failure, out);
  EXPECT_TRUE(out.has_exit_code()) << "sys.exit(0) is a cause";
}

template <typename From, typename To>
void ExpectNamesakes(int count, const google::protobuf::EnumDescriptor* names,
                     const std::string& prefix) {
  EXPECT_EQ(names->value_count(), count + 1) << "one unspecified";
  for (int i = 0; i < count; ++i) {
    const To out = ToApi(static_cast<From>(i));
    std::string name(core::NameOf(static_cast<From>(i)));
    for (char& c : name) c = c == ' ' ? '_' : static_cast<char>(c - 'a' + 'A');
    EXPECT_EQ(names->FindValueByNumber(out)->name(), prefix + name);
  }
}

TEST(Translation, OfAnOutcomeIsItsNamesake) {
  ExpectNamesakes<core::Outcome, api::Outcome>(8, api::Outcome_descriptor(), "OUTCOME_");
  ExpectNamesakes<core::RunOutcome, api::RunOutcome>(4, api::RunOutcome_descriptor(),
                                                     "RUN_OUTCOME_");
  ExpectNamesakes<core::RunKind, api::RunKind>(3, api::RunKind_descriptor(), "RUN_KIND_");
}

TEST(Translation, OfPhasesStreamsModesAndResolutionsIsOneToOne) {
  std::set<int> phases;
  for (int i = 0; i < 5; ++i) {
    core::Failure failure;
    failure.phase = static_cast<core::Phase>(i);
    api::Failure out;
    ToApi(failure, out);
    phases.insert(out.phase());
  }
  EXPECT_EQ(phases, (std::set<int>{1, 2, 3, 4, 5}));
  const auto event = [](core::Fact fact) {
    api::Event out;
    ToApi(core::Event{1, core::WallTime{1}, std::move(fact)}, out);
    return out;
  };
  EXPECT_EQ(
      event(core::OutputWritten{"", core::OutputStream::kStdout, ""}).output_written().stream(),
      api::OUTPUT_STREAM_STDOUT);
  EXPECT_EQ(
      event(core::OutputWritten{"", core::OutputStream::kStderr, ""}).output_written().stream(),
      api::OUTPUT_STREAM_STDERR);
  EXPECT_EQ(event(core::CancelRequested{core::CancelMode::kAfterCurrent, {}, false})
                .cancel_requested()
                .mode(),
            api::CANCEL_MODE_AFTER_CURRENT);
  EXPECT_EQ(
      event(core::CancelRequested{core::CancelMode::kNow, {}, false}).cancel_requested().mode(),
      api::CANCEL_MODE_NOW);
  for (const auto& [resolution, expected] :
       std::vector<std::pair<core::Resolution, api::Resolution>>{
           {core::Resolution::kApplied, api::RESOLUTION_APPLIED},
           {core::Resolution::kSkipped, api::RESOLUTION_SKIPPED},
           {core::Resolution::kPending, api::RESOLUTION_PENDING}}) {
    EXPECT_EQ(
        event(core::MigrationResolved{"", resolution, "", ""}).migration_resolved().resolution(),
        expected);
  }
}

TEST(Translation, MakesFileNamesThatAreNotUtf8FitForTheWire) {
  core::Plan plan = samples::Plan();
  plan.findings[0].subject = "/migrations/1_\xFF.py";
  plan.findings[0].message = "has the same number as '\xFF.py'";
  api::Plan out;
  ToApi(plan, out);
  EXPECT_EQ(out.findings(0).subject(), "/migrations/1_\uFFFD.py");
  EXPECT_EQ(out.findings(0).message(), "has the same number as '\uFFFD.py'");

  core::StatusReport report = samples::Status();
  report.migrations_directory = "/migr\xFFtions";
  report.state_file = "/st\xFFte.json";
  report.problems = {"'/migr\xFFtions' is not there"};
  api::HostStatus status;
  ToApi(report, true, status);
  api::HostStatus parsed;
  EXPECT_TRUE(parsed.ParseFromString(status.SerializeAsString()))
      << "proto3 refuses text that is not UTF-8";
  EXPECT_EQ(parsed.problems(0), "'/migr\uFFFDtions' is not there");

  for (const core::Fact& fact : std::vector<core::Fact>{
           core::NoticeGiven{"", "process 4711 ('\xFF') was killed"},
           core::RunEnded{core::RunOutcome::kFailed, "1.0", 0, 0, "cannot write '\xFF'"}}) {
    api::Event event;
    ToApi(core::Event{1, core::WallTime{1}, fact}, event);
    api::Event read;
    EXPECT_TRUE(read.ParseFromString(event.SerializeAsString())) << fact.index();
  }
}

}  // namespace
}  // namespace migrationd::rpc

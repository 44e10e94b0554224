#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "client/uuid.h"
#include "tests/crash/process_tree.h"
#include "tests/watch/crew.h"

namespace migrationd::watch {
namespace {

namespace api = telec::api;

constexpr std::size_t kWatchersOnALine = 50;
constexpr int kScriptsOfARun = 8;

/// Prints a line and pauses, so that watchers come and go while it runs.
constexpr const char* kTalkative = R"("""Talks while it works."""
import os, time, telec_migration
MARK = "@MARK@"
def check():
    return os.path.exists(MARK)
def migrate():
    for i in range(30):
        print("line", i)
        telec_migration.progress(i + 1, 30, "step %d" % i)
        time.sleep(0.003)
    open(MARK, "w").close()
    return True
)";

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

enum class Disturbance { kNone, kKill, kTerminate };

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() {
    crash::BecomeSubreaper();
    for (const char* version : {"1.1.0", "1.2.0", "1.3.0"}) {
      for (int i = 1; i <= kScriptsOfARun; ++i) AddTalkative(version, i);
    }
    Restart();
  }

  ~WatchTest() override {
    life_.reset();
    crash::KillAllBelow();
    crash::ReapEnded();
  }
  WatchTest(const WatchTest&) = delete;
  WatchTest& operator=(const WatchTest&) = delete;

  void AddTalkative(const std::string& version, int number) {
    const std::string file = "00" + std::to_string(number) + "_talk.py";
    std::string source = kTalkative;
    const std::string mark = site_.path() + "/marks/" + version + "-" + file;
    site_.AddMigration(version, file, source.replace(source.find("@MARK@"), 6, mark));
  }

  /// Another life; whatever the one before was doing is over.
  void Restart() {
    life_.reset();
    life_ = std::make_unique<crash::DaemonLife>(site_);
    ASSERT_TRUE(life_->AwaitReady()) << crash::ReadWhole(site_.log());
    ASSERT_TRUE(lines_.Open(*life_, watchers_ / kWatchersOnALine + 1));
  }

  void Disturb(Disturbance disturbance) {
    if (disturbance == Disturbance::kKill) life_->Strike(crash::Victim::kDaemon, 0);
    if (disturbance == Disturbance::kTerminate) life_->Terminate();
    life_->AwaitEnd();
    Restart();
  }

  /// A run that everybody watches, disturbed in its middle, and once more when it is over.
  void WatchOneRun(const std::string& to_version, Disturbance disturbance) {
    const auto service = life_->Connect();
    ASSERT_TRUE(service);
    api::RunRequest request;
    request.set_request_id(telec::NewUuid());
    request.set_to_version(to_version);
    auto stream = service->Run(request);
    const auto* first = stream->Next();
    ASSERT_TRUE(first) << stream->End()->message;
    const std::string run = first->run_id();
    Crew crew(lines_, run, watchers_, seed_ + dice_.Between(0, 1'000'000));

    std::uint64_t left = dice_.Between(20, 200);
    while (stream->Next()) {
      if (disturbance != Disturbance::kNone && --left == 0) break;
    }
    stream->Abandon();
    while (stream->Next()) {
    }
    stream->End();
    if (disturbance != Disturbance::kNone) Disturb(disturbance);
    crew.ReleaseLaggards();
    if (disturbance != Disturbance::kNone) Disturb(disturbance);
    crew.Join();
    Judge(crew, run);
  }

  /// Everybody must have seen the log as it is now.
  void Judge(const Crew& crew, const std::string& run) {
    for (const std::string& complaint : crew.complaints()) ADD_FAILURE() << complaint;
    const std::vector<std::string> log = ReadLog(run);
    ASSERT_FALSE(log.empty());
    std::size_t different = 0;
    for (const auto& seen : crew.seen()) different += seen == log ? 0U : 1U;
    EXPECT_EQ(different, 0U) << "of " << watchers_ << " watchers of run " << run;
    ++runs_;
    events_ += log.size();
    cuts_ += crew.cuts();
    losses_ += crew.losses();
  }

  std::vector<std::string> ReadLog(const std::string& run) {
    api::WatchRequest request;
    request.set_run_id(run);
    std::vector<std::string> log;
    const auto service = life_->Connect();
    EXPECT_TRUE(service) << crash::ReadWhole(site_.log());
    if (!service) return log;
    const auto stream = service->Watch(request);
    while (const auto* response = stream->Next())
      log.push_back(response->event().SerializeAsString());
    EXPECT_FALSE(stream->End());
    return log;
  }

  const std::size_t watchers_ = FromEnvironment("TELEC_WATCHERS", 100);
  const std::uint64_t seed_ = FromEnvironment("TELEC_SEED", 1);
  crash::Dice dice_{seed_};
  crash::Site site_;
  Lines lines_;
  std::unique_ptr<crash::DaemonLife> life_;
  std::uint64_t runs_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t cuts_ = 0;
  std::uint64_t losses_ = 0;
};

TEST_F(WatchTest, WatchersThatCutAndResumeAtRandomEachSeeEveryEventOnce) {
  WatchOneRun("1.1.0", Disturbance::kNone);
  WatchOneRun("1.2.0", Disturbance::kKill);
  WatchOneRun("1.3.0", Disturbance::kTerminate);
  if (HasFailure()) {
    site_.Keep();
    std::printf("to try it again: TELEC_WATCHERS=%zu TELEC_SEED=%lu watch_test; the site is '%s'\n",
                watchers_, seed_, site_.path().c_str());
    return;
  }
  std::printf(
      "%zu watchers (seed %lu), %lu runs with %lu events, cut %lu times by the watcher and %lu "
      "times by a daemon that was killed or stopped: each saw 1..n once\n",
      watchers_, seed_, runs_, events_, cuts_, losses_);
}

}  // namespace
}  // namespace migrationd::watch

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "tests/client/telec.h"

namespace telec::testing {
namespace {

using migrationd::support::ReadFile;
using migrationd::support::TempDirectory;
using migrationd::support::WriteFile;
using ::testing::HasSubstr;

/// A migrationd that is a shell script. What a real one does with --private is told in tests/e2e.
class StandIn : public ::testing::Test {
 public:
  Finished RunLocal(const std::string& script,
                    std::vector<std::string> arguments = {"migrate", "status", "--local"}) {
    WriteFile(directory / "migrationd", "#!/bin/sh\n" + script + "\n");
    chmod((directory / "migrationd").c_str(), 0755);
    Launch launch = Telec(std::move(arguments));
    launch.environment["TELEC_MIGRATIOND"] = directory / "migrationd";
    return migrationd::support::Execute(launch);
  }

  const TempDirectory directory;
};

TEST_F(StandIn, GetsOneConnectionAndTheOptionsThatAreItsOwn) {
  RunLocal(
      "echo \"$@\" > " + directory.path().string() + "/arguments; ls -l /proc/self/fd > " +
          directory.path().string() + "/fds",
      {"migrate", "--local", "--migrations", "/m", "--state", "/s", "--config", "/c", "status"});
  EXPECT_EQ(ReadFile(directory / "arguments"),
            "--private 3 --config /c --migrations /m --state /s\n");
  EXPECT_THAT(ReadFile(directory / "fds"), HasSubstr("3 -> socket:"));
  EXPECT_THAT(ReadFile(directory / "fds"), ::testing::Not(HasSubstr("5 -> ")));
}

TEST_F(StandIn, WhatItSaysBeforeItServesIsTheError) {
  const Finished telec = RunLocal("echo \"the state '/s' is owned by pid 17\" >&2; exit 1");
  EXPECT_EQ(telec.err, "error: the state '/s' is owned by pid 17\n");
  EXPECT_EQ(telec.exit, Exit{6});
}

TEST_F(StandIn, ThatDiesWithoutAWordIsDescribed) {
  EXPECT_THAT(RunLocal("kill -SEGV $$").err,
              HasSubstr("the private migrationd ended by signal 11"));
  EXPECT_THAT(RunLocal("exit 7").err, HasSubstr("the private migrationd ended with exit code 7"));
}

TEST_F(StandIn, HasItsWordsMadeVisible) {
  EXPECT_THAT(RunLocal("printf 'a\\033[2Jb\\n' >&2").err, HasSubstr("a^[[2Jb"));
}

TEST_F(StandIn, IsNotATerminalsToInterrupt) {
  RunLocal("cut -d' ' -f1,5 /proc/$$/stat > " + directory.path().string() + "/group");
  const std::string group = ReadFile(directory / "group");
  EXPECT_EQ(group.substr(0, group.find(' ')) + "\n", group.substr(group.find(' ') + 1));
}

TEST(PrivateDaemon, ThatIsNoProgramIsNamed) {
  Launch launch = Telec({"migrate", "status", "--local"});
  launch.environment["TELEC_MIGRATIOND"] = "/nonexistent/migrationd";
  const Finished telec = migrationd::support::Execute(launch);
  EXPECT_THAT(telec.err, HasSubstr("TELEC_MIGRATIOND '/nonexistent/migrationd' is not a program"));
  EXPECT_EQ(telec.exit, Exit{6});
}

}  // namespace
}  // namespace telec::testing

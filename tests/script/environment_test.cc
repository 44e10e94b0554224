#include "daemon/script/environment.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace migrationd::script {
namespace {

using Variables = std::vector<std::string>;

TEST(TheScriptsEnvironment, PassesWhatIsListed) {
  EXPECT_EQ(
      ScriptEnvironment({"HOME=/root", "LC_ALL=C", "XDG_RUNTIME_DIR=/run/user/0", "AWS_SECRET=x",
                         "PYTHONPATH=/x", "LD_PRELOAD=/x", "NOTIFY_SOCKET=/x", "PATH=/bin"},
                        {}, ""),
      (Variables{"HOME=/root", "LC_ALL=C", "PATH=/bin", "XDG_RUNTIME_DIR=/run/user/0"}));
}

TEST(TheScriptsEnvironment, PassesWhatIsConfigured) {
  RunnerOptions options;
  options.pass_environment = {"TOKEN", "MISSING"};
  options.environment = {{"HOME", "/set"}, {"EMPTY", ""}};
  EXPECT_EQ(ScriptEnvironment({"HOME=/root", "TOKEN=a=b", "TOKENS=c"}, options, ""),
            (Variables{"EMPTY=", "HOME=/set", "TOKEN=a=b"}));
}

TEST(TheScriptsEnvironment, HasTheMarkerWhateverIsConfigured) {
  RunnerOptions options;
  options.environment = {{kMarkerVariable, "other"}};
  EXPECT_EQ(ScriptEnvironment({}, options, "8:42"), Variables{"TELEC_DAEMON=8:42"});
}

}  // namespace
}  // namespace migrationd::script

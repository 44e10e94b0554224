#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/site.h"

namespace migrationd::e2e {
namespace {

using support::Execute;
using support::Exit;
using support::Finished;
using support::Site;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Output, OfTwoHundredMegabytesChangesNothingAndIsCounted) {
  Site site;
  site.Add("v1.1/001_a.py",
           {.before = "line = 'x' * 999 + '\\n'\nprint('begin')\nfor _ in range(2000):\n    "
                      "os.write(1, (line * 100).encode())\nprint('end')"});
  const Finished telec = Execute(site.Local({}));
  EXPECT_EQ(telec.exit, Exit{0});
  EXPECT_THAT(telec.out, HasSubstr("001_a.py | begin\n"));
  EXPECT_THAT(telec.out, HasSubstr("001_a.py | end\n"));
  EXPECT_THAT(telec.out, HasSubstr("MB of 200 MB of output not kept"));
  EXPECT_LT(telec.out.size(), 40U << 20U);
}

TEST(Output, OfALineOfTenMegabytesChangesNothing) {
  Site site;
  site.Add("v1.1/001_a.py", {.before = "os.write(1, b'y' * 10_000_000)"});
  EXPECT_EQ(Execute(site.Local({})).exit, Exit{0});
}

TEST(Output, ThatIsNotUtf8IsReplaced) {
  Site site;
  site.Add("v1.1/001_a.py", {.before = "os.write(1, b'a\\xffb\\n')"});
  EXPECT_THAT(Execute(site.Local({})).out, HasSubstr("001_a.py | a\xef\xbf\xbd"
                                                     "b\n"));
}

TEST(Output, WithTerminalEscapesIsMadeVisible) {
  Site site;
  site.Add("v1.1/001_a.py", {.before = "print('\\x1b]0;owned\\x07\\x1b[2J')"});
  const Finished telec = Execute(site.Local({}));
  EXPECT_THAT(telec.out, HasSubstr("^[]0;owned^G^[[2J"));
  EXPECT_THAT(telec.out, Not(HasSubstr("\x1b")));
}

TEST(Output, OfADescriptionIsMadeVisibleToo) {
  Site site;
  site.Add("v1.1/001_a.py", {.description = "Evil \\x1b[2J"});
  EXPECT_THAT(Execute(site.Local({"--dry-run"})).out, Not(HasSubstr("\x1b")));
}

TEST(Progress, ArrivesAsEvents) {
  Site site;
  site.Add("v1.1/001_a.py",
           {.before = "import telec_migration\ntelec_migration.progress(3, 4, 'notes')"});
  EXPECT_THAT(Execute(site.Local({"-o", "json"})).out,
              HasSubstr("\"progressReported\":{\"migrationId\":\"1.1/"
                        "001_a.py\",\"done\":3,\"total\":4,\"message\":\"notes\"}"));
}

}  // namespace
}  // namespace migrationd::e2e

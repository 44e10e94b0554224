#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/core/result.h"
#include "daemon/host/config.h"
#include "tests/support/temp_directory.h"

namespace migrationd::host {
namespace {

using ::testing::HasSubstr;

std::string Page(const std::string& name) {
  return support::ReadFile(std::string(MIGRATIOND_SOURCE_DIR) + "/docs/reference/" + name);
}

TEST(Reference, DescribesEachConfigurationKey) {
  const std::string page = Page("configuration.md");
  ASSERT_FALSE(ConfigKeys().empty());
  for (const std::string& key : ConfigKeys()) EXPECT_THAT(page, HasSubstr("\n| `" + key + "` |"));
}

TEST(Reference, DescribesEachReasonOfAnError) {
  const std::string page = Page("errors.md");
  for (int number = 0; number <= static_cast<int>(core::Reason::kInternal); ++number) {
    const std::string name(core::ReasonName(static_cast<core::Reason>(number)));
    EXPECT_THAT(page, HasSubstr("\n| `" + name + "` |"));
  }
}

}  // namespace
}  // namespace migrationd::host

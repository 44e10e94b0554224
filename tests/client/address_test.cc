#include "client/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

namespace telec {
namespace {

using ::testing::HasSubstr;

std::string PathOf(std::string_view text) {
  const auto address = ParseAddress(text, "--host");
  EXPECT_TRUE(address) << text;
  return address ? std::get<UnixAddress>(address->where).path : "";
}

class Discovery : public ::testing::Test {
 protected:
  Discovery() {
    unsetenv("TELEC_HOST");
    unsetenv("XDG_RUNTIME_DIR");
  }
  ~Discovery() override {
    unsetenv("TELEC_HOST");
    unsetenv("XDG_RUNTIME_DIR");
  }

  static std::vector<std::string> Found(const std::optional<std::string>& host = std::nullopt) {
    std::vector<std::string> texts;
    const auto addresses = FindAddresses(host);
    EXPECT_TRUE(addresses);
    if (addresses) {
      for (const Address& address : *addresses) texts.push_back(address.text);
    }
    return texts;
  }
};

TEST(Address, ASocketIsAPathWithOrWithoutAScheme) {
  EXPECT_EQ(PathOf("/run/x.sock"), "/run/x.sock");
  EXPECT_EQ(PathOf("unix:/run/x.sock"), "/run/x.sock");
  EXPECT_EQ(PathOf("unix:///run/x.sock"), "/run/x.sock");
  EXPECT_EQ(PathOf("unix:here.sock"), "here.sock");
}

TEST(Address, AHostHasAPort) {
  const auto name = ParseAddress("example.org:7000", "--host");
  ASSERT_TRUE(name);
  EXPECT_EQ(std::get<TcpAddress>(name->where).host, "example.org");
  EXPECT_EQ(std::get<TcpAddress>(name->where).port, "7000");
  const auto six = ParseAddress("[::1]:7000", "--host");
  ASSERT_TRUE(six);
  EXPECT_EQ(std::get<TcpAddress>(six->where).host, "::1");
}

TEST(Address, WhatIsNoneSaysWhereItCameFromAndWhatOneLooksLike) {
  for (const char* bad : {"", "unix:", "example.org", ":7000", "h:", "h:port", "::1:7000"}) {
    const auto address = ParseAddress(bad, "TELEC_HOST");
    ASSERT_FALSE(address) << bad;
    EXPECT_THAT(address.error().message, HasSubstr("TELEC_HOST"));
    EXPECT_THAT(address.error().hint, HasSubstr("unix:/path"));
    EXPECT_EQ(address.error().reason, "USAGE");
  }
}

TEST(Address, APathLongerThanASocketsNameIsRefusedWithItsLength) {
  EXPECT_TRUE(ParseAddress("/" + std::string(106, 'x'), "--host"));
  const auto address = ParseAddress("/" + std::string(107, 'x'), "--host");
  ASSERT_FALSE(address);
  EXPECT_THAT(address.error().message, HasSubstr("has at most 107 bytes, this one has 108"));
}

TEST_F(Discovery, TheOptionComesFirst) {
  setenv("TELEC_HOST", "/environment.sock", 1);
  EXPECT_EQ(Found("/option.sock"), std::vector<std::string>{"/option.sock"});
}

TEST_F(Discovery, ThenTheEnvironment) {
  setenv("TELEC_HOST", "/environment.sock", 1);
  setenv("XDG_RUNTIME_DIR", "/run/user/1000", 1);
  EXPECT_EQ(Found(), std::vector<std::string>{"/environment.sock"});
}

TEST_F(Discovery, ThenTheUsersSocketAndThenTheSystems) {
  setenv("XDG_RUNTIME_DIR", "/run/user/1000", 1);
  EXPECT_EQ(Found(), (std::vector<std::string>{"/run/user/1000/migrationd/migrationd.sock",
                                               "/run/migrationd/migrationd.sock"}));
}

TEST_F(Discovery, WithoutARuntimeDirectoryOnlyTheSystems) {
  EXPECT_EQ(Found(), std::vector<std::string>{"/run/migrationd/migrationd.sock"});
  setenv("XDG_RUNTIME_DIR", "", 1);
  setenv("TELEC_HOST", "", 1);
  EXPECT_EQ(Found(), std::vector<std::string>{"/run/migrationd/migrationd.sock"});
}

}  // namespace
}  // namespace telec

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/core/version.h"
#include "tests/fuzz/targets.h"

namespace migrationd::fuzz {
namespace {

using core::Version;

void CheckOne(const Version& version) {
  const std::string canonical = version.Canonical();
  const auto again = Version::Parse(canonical);
  Require(again.has_value(), "the canonical form of a version is a version");
  Require(again->Canonical() == canonical, "the canonical form of a canonical form is itself");
  Require(*again == version, "a version equals its canonical form");
}

void CheckOrder(const Version& a, const Version& b, const Version& c) {
  Require((a < b) == (b > a) && (a == b) == (b == a), "the order is the same from both sides");
  Require(!(a < b && a == b), "nothing is both below and equal");
  Require(!(a <= b && b <= c) || a <= c, "the order is transitive");
}

}  // namespace

/// Lines, each perhaps a version.
void FuzzVersion(std::string_view bytes) {
  constexpr std::size_t kMost = 8;
  std::vector<Version> versions;
  while (!bytes.empty() && versions.size() < kMost) {
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    if (auto version = Version::Parse(line)) versions.push_back(std::move(*version));
  }
  for (const Version& a : versions) {
    CheckOne(a);
    for (const Version& b : versions) {
      for (const Version& c : versions) CheckOrder(a, b, c);
    }
  }
}

}  // namespace migrationd::fuzz

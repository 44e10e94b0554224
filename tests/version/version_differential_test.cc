// Our versions against Debian's python3-packaging, on generated pairs. TELEC_SEED=<number> varies
// them.

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/version.h"

namespace migrationd::core {
namespace {

constexpr int kPairs = 110'000;

std::string Seed() {
  const char* seed = std::getenv("TELEC_SEED");
  return std::to_string(seed != nullptr ? std::stoull(seed) : 440);
}

/// The lines that version_oracle.py prints, read as they come.
class Oracle {
 public:
  explicit Oracle(const std::string& seed)
      // -I: neither the caller's directory nor PYTHON* variables decide which packaging is asked.
      : pipe_(::popen(
            ("/usr/bin/python3 -I '" MIGRATIOND_SOURCE_DIR "/tests/version/version_oracle.py' " +
             seed + " " + std::to_string(kPairs))
                .c_str(),
            "r")) {}
  ~Oracle() {
    if (pipe_ != nullptr) ::pclose(pipe_);
    std::free(line_);
  }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  /// The fields of the next line; nothing at the end. Valid until the next call.
  std::optional<std::vector<std::string_view>> Next() {
    const ssize_t length = pipe_ != nullptr ? ::getline(&line_, &capacity_, pipe_) : -1;
    if (length <= 0) return std::nullopt;
    std::string_view rest(line_, static_cast<std::size_t>(length) - 1);
    std::vector<std::string_view> fields;
    while (true) {
      const std::size_t tab = rest.find('\t');
      fields.push_back(rest.substr(0, tab));
      if (tab == std::string_view::npos) return fields;
      rest.remove_prefix(tab + 1);
    }
  }

  /// The script's exit status; call it at the end.
  int Finish() { return ::pclose(std::exchange(pipe_, nullptr)); }

 private:
  FILE* pipe_;
  char* line_ = nullptr;
  std::size_t capacity_ = 0;
};

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string CanonicalOf(const std::optional<Version>& version) {
  return version ? version->Canonical() : "";
}

std::string Compare(const std::optional<Version>& a, const std::optional<Version>& b) {
  if (!a || !b) return "";
  if (*a == *b) return "=";
  return *a < *b ? "<" : ">";
}

struct Tally {
  int pairs = 0;
  int invalid_texts = 0;
  int less = 0;
  int equal = 0;
  int greater = 0;
};

void Count(const std::string& order, bool first_valid, bool second_valid, Tally& tally) {
  ++tally.pairs;
  tally.invalid_texts += (first_valid ? 0 : 1) + (second_valid ? 0 : 1);
  if (order == "<") ++tally.less;
  if (order == "=") ++tally.equal;
  if (order == ">") ++tally.greater;
}

TEST(VersionDifferential, AgreesWithPackagingOnGeneratedPairs) {
  const std::string seed = Seed();
  std::cout << "TELEC_SEED=" << seed << '\n';
  RecordProperty("seed", seed);
  Oracle oracle(seed);
  Tally tally;
  while (const auto fields = oracle.Next()) {
    ASSERT_EQ(fields->size(), 5U);
    const std::string first_text = FromHex((*fields)[0]);
    const std::string second_text = FromHex((*fields)[1]);
    const auto first = Version::Parse(first_text);
    const auto second = Version::Parse(second_text);
    const std::string order = Compare(first, second);
    SCOPED_TRACE(testing::Message() << "TELEC_SEED=" << seed << ", pair " << tally.pairs + 1 << ": "
                                    << testing::PrintToString(first_text) << " and "
                                    << testing::PrintToString(second_text));
    ASSERT_EQ(CanonicalOf(first), (*fields)[2]);
    ASSERT_EQ(CanonicalOf(second), (*fields)[3]);
    ASSERT_EQ(order, (*fields)[4]);
    Count(order, first.has_value(), second.has_value(), tally);
  }
  ASSERT_EQ(oracle.Finish(), 0) << "version_oracle.py failed; it needs Debian's python3-packaging";
  EXPECT_EQ(tally.pairs, kPairs);
  // A generator that loses one of its kinds would prove less and stay green.
  EXPECT_GT(tally.invalid_texts, kPairs / 4);
  EXPECT_GT(tally.less, kPairs / 10);
  EXPECT_GT(tally.equal, kPairs / 10);
  EXPECT_GT(tally.greater, kPairs / 10);
}

}  // namespace
}  // namespace migrationd::core

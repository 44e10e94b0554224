#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/core/text.h"
#include "daemon/core/utf8.h"

namespace migrationd::core {
namespace {

/// Both ends of every range of table 3-7 of the Unicode Standard, and their neighbours outside.
constexpr unsigned char kBytes[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                    0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                    0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};

class Oracle {
 public:
  Oracle() {
    std::string command =
        "/usr/bin/python3 -I '" MIGRATIOND_SOURCE_DIR "/tests/text/utf8_oracle.py' ";
    for (const unsigned char byte : kBytes) {
      command += "0123456789abcdef"[byte >> 4];
      command += "0123456789abcdef"[byte & 0xF];
    }
    pipe_ = ::popen(command.c_str(), "r");
  }
  ~Oracle() {
    if (pipe_ != nullptr) ::pclose(pipe_);
    std::free(line_);
  }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  /// Valid until the next call; "(end)" behind the last line.
  std::string_view Next() {
    const ssize_t length = pipe_ != nullptr ? ::getline(&line_, &capacity_, pipe_) : -1;
    if (length <= 0) return "(end)";
    return {line_, static_cast<std::size_t>(length) - 1};
  }

  int Finish() { return ::pclose(std::exchange(pipe_, nullptr)); }

 private:
  FILE* pipe_ = nullptr;
  char* line_ = nullptr;
  std::size_t capacity_ = 0;
};

TEST(Utf8Differential, ReplacesWhatPythonReplaces) {
  constexpr std::size_t kCount = std::size(kBytes);
  Oracle oracle;
  for (std::size_t index = 0; index < kCount * kCount * kCount * kCount; ++index) {
    std::string text;
    for (std::size_t place = kCount * kCount * kCount; place > 0; place /= kCount) {
      text += static_cast<char>(kBytes[index / place % kCount]);
    }
    const std::string_view expected = oracle.Next();
    ASSERT_EQ(ToValidUtf8(text), expected) << testing::PrintToString(text);
    ASSERT_EQ(ValidUtf8Prefix(text) == text.size(), text == expected)
        << testing::PrintToString(text);
  }
  EXPECT_EQ(oracle.Next(), "(end)");
  EXPECT_EQ(oracle.Finish(), 0);
}

}  // namespace
}  // namespace migrationd::core

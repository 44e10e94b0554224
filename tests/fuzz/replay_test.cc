#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/fuzz/target_table.h"

namespace migrationd::fuzz {
namespace {

/// Longer ones are replayed as they are: trying every change of them would take minutes.
constexpr std::size_t kMostToVary = 1500;

std::vector<std::string> Corpus(std::string_view target) {
  std::vector<std::string> inputs;
  const std::string folder =
      std::string(MIGRATIOND_SOURCE_DIR) + "/tests/fuzz/corpus/" + std::string(target);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    inputs.push_back(bytes.str());
  }
  return inputs;
}

/// The input, cut off at every length and with a bit flipped in every byte.
std::size_t RunWithVariations(Target run, std::string input) {
  run(input);
  if (input.size() > kMostToVary) return 1;
  for (std::size_t size = 0; size < input.size(); ++size) {
    run(std::string_view(input).substr(0, size));
    const char byte = input[size];
    input[size] = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << size % 8));
    run(input);
    input[size] = byte;
  }
  return 1 + 2 * input.size();
}

class FuzzReplay : public ::testing::TestWithParam<NamedTarget> {};

TEST_P(FuzzReplay, NothingInTheCorpusBreaksAPromise) {
  const std::vector<std::string> corpus = Corpus(GetParam().name);
  ASSERT_FALSE(corpus.empty());
  std::size_t inputs = 0;
  for (const std::string& input : corpus) inputs += RunWithVariations(GetParam().run, input);
  RecordProperty("inputs", static_cast<int>(inputs));
  SUCCEED() << inputs << " inputs";
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzReplay, ::testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace migrationd::fuzz

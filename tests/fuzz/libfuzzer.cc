// The entry point that libFuzzer calls (https://llvm.org/docs/LibFuzzer.html); FUZZ_TARGET names
// the target.

#include <cstddef>
#include <cstdint>

#include "tests/fuzz/target_table.h"

namespace migrationd::fuzz {
namespace {

constexpr Target Find(std::string_view name) {
  for (const NamedTarget& target : kTargets) {
    if (target.name == name) return target.run;
  }
  return nullptr;
}

constexpr Target kTarget = Find(FUZZ_TARGET);
static_assert(kTarget != nullptr);

}  // namespace
}  // namespace migrationd::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  migrationd::fuzz::kTarget({reinterpret_cast<const char*>(data), size});
  return 0;
}

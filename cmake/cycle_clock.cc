// abseil asks for the frequency of the processor's cycle counter at the first contended mutex of a
// process, and finds it out by sleeping for 3 ms or more while it holds that mutex: as long as a
// whole run of telec takes. All it needs it for is to look at a thread's priority about once a
// second (absl/synchronization/mutex.cc, Enqueue), for which any number of that size will do.
//
// A program that has this definition does not link abseil's own, which is alone in its file on x86;
// elsewhere the processor tells the frequency, and nothing is defined here.

#include <absl/base/internal/unscaledcycleclock.h>

#if defined(__x86_64__)

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace base_internal {

double UnscaledCycleClock::Frequency() {
  constexpr double kAboutRight = 2e9;
  return kAboutRight;
}

}  // namespace base_internal
ABSL_NAMESPACE_END
}  // namespace absl

#endif

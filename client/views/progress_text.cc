#include "client/views/progress_text.h"

#include <algorithm>
#include <cmath>

#include "client/text/visible.h"

namespace telec {
namespace {

constexpr int kBarColumns = 20;

std::string Number(double number) {
  // Units are the script's own; fractions of one are noise, and what is not a number is none.
  if (!std::isfinite(number) || std::abs(number) > 1e15) return "?";
  return std::to_string(std::llround(number));
}

}  // namespace

std::string ProgressText(const api::ProgressReported& progress) {
  std::string text;
  if (progress.total() > 0 && std::isfinite(progress.done() / progress.total())) {
    const double share = std::clamp(progress.done() / progress.total(), 0.0, 1.0);
    const auto filled = static_cast<std::size_t>(share * kBarColumns);
    text = " [" + std::string(filled, '#') + std::string(kBarColumns - filled, '-') + "] " +
           Number(std::floor(share * 100)) + "% " + Number(progress.done()) + "/" +
           Number(progress.total());
  } else if (progress.done() > 0) {
    text = " " + Number(progress.done());
  }
  if (!progress.message().empty()) text += " " + MakeVisible(progress.message());
  return text;
}

}  // namespace telec

#include "daemon/core/version.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace migrationd::core {
namespace {

/// `1.0.0` orders as `1`: zeros at the end of a release do not count.
std::span<const Natural> WithoutTrailingZeros(std::span<const Natural> release) {
  std::size_t length = release.size();
  while (length > 0 && release[length - 1].IsZero()) --length;
  return release.first(length);
}

std::weak_ordering CompareReleases(std::span<const Natural> a, std::span<const Natural> b) {
  a = WithoutTrailingZeros(a);
  b = WithoutTrailingZeros(b);
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(), b.end());
}

/// A dev-release comes before what it leads to, so having no number is the greatest.
std::weak_ordering CompareDevReleases(const std::optional<Natural>& a,
                                      const std::optional<Natural>& b) {
  if (a.has_value() != b.has_value()) return b.has_value() <=> a.has_value();
  return a <=> b;
}

}  // namespace

int Version::StageRank() const {
  constexpr int kBeforeAlpha = -1;
  constexpr int kFinal = static_cast<int>(Stage::kReleaseCandidate) + 1;
  if (pre_) return static_cast<int>(pre_->first);
  // 1.0.dev1 comes before 1.0a1; 1.0.post1.dev1 belongs to the final release.
  return dev_ && !post_ ? kBeforeAlpha : kFinal;
}

std::weak_ordering operator<=>(const Version& a, const Version& b) {
  if (const auto order = a.epoch_ <=> b.epoch_; order != 0) return order;
  if (const auto order = CompareReleases(a.release_, b.release_); order != 0) return order;
  if (const auto order = a.StageRank() <=> b.StageRank(); order != 0) return order;
  if (const auto order = a.pre_ <=> b.pre_; order != 0) return order;
  if (const auto order = a.post_ <=> b.post_; order != 0) return order;
  if (const auto order = CompareDevReleases(a.dev_, b.dev_); order != 0) return order;
  return a.local_ <=> b.local_;
}

std::string Version::Canonical() const {
  constexpr std::string_view kStageNames[] = {"a", "b", "rc"};
  std::string text;
  if (!epoch_.IsZero()) text += epoch_.Digits() + "!";
  for (const Natural& number : release_) {
    if (&number != &release_.front()) text += '.';
    text += number.Digits();
  }
  if (pre_) {
    text += kStageNames[static_cast<std::size_t>(pre_->first)];
    text += pre_->second.Digits();
  }
  if (post_) text += ".post" + post_->Digits();
  if (dev_) text += ".dev" + dev_->Digits();
  for (const LocalSegment& segment : local_) {
    text += &segment == &local_.front() ? '+' : '.';
    const auto* number = std::get_if<Natural>(&segment);
    text += number != nullptr ? number->Digits() : std::get<std::string>(segment);
  }
  return text;
}

}  // namespace migrationd::core

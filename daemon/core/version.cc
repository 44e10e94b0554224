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

Version::Version() {
  static const Version kZero(Parts{Natural(), {Natural()}, {}, {}, {}, {}});
  parts_ = kZero.parts_;
}

int Version::StageRankOf(const Parts& parts) {
  constexpr int kBeforeAlpha = -1;
  constexpr int kFinal = static_cast<int>(Stage::kReleaseCandidate) + 1;
  if (parts.pre) return static_cast<int>(parts.pre->first);
  // 1.0.dev1 comes before 1.0a1; 1.0.post1.dev1 belongs to the final release.
  return parts.dev && !parts.post ? kBeforeAlpha : kFinal;
}

std::weak_ordering Version::Compare(const Parts& a, const Parts& b) {
  if (const auto order = a.epoch <=> b.epoch; order != 0) return order;
  if (const auto order = CompareReleases(a.release, b.release); order != 0) return order;
  if (const auto order = StageRankOf(a) <=> StageRankOf(b); order != 0) return order;
  if (const auto order = a.pre <=> b.pre; order != 0) return order;
  if (const auto order = a.post <=> b.post; order != 0) return order;
  if (const auto order = CompareDevReleases(a.dev, b.dev); order != 0) return order;
  return a.local <=> b.local;
}

std::weak_ordering operator<=>(const Version& a, const Version& b) {
  if (a.parts_ == b.parts_) return std::weak_ordering::equivalent;
  return Version::Compare(*a.parts_, *b.parts_);
}

std::string Version::Canonical() const {
  constexpr std::string_view kStageNames[] = {"a", "b", "rc"};
  std::string text;
  if (!parts_->epoch.IsZero()) text += parts_->epoch.Digits() + "!";
  for (const Natural& number : parts_->release) {
    if (&number != &parts_->release.front()) text += '.';
    text += number.Digits();
  }
  if (parts_->pre) {
    text += kStageNames[static_cast<std::size_t>(parts_->pre->first)];
    text += parts_->pre->second.Digits();
  }
  if (parts_->post) text += ".post" + parts_->post->Digits();
  if (parts_->dev) text += ".dev" + parts_->dev->Digits();
  for (const LocalSegment& segment : parts_->local) {
    text += &segment == &parts_->local.front() ? '+' : '.';
    const auto* number = std::get_if<Natural>(&segment);
    text += number != nullptr ? number->Digits() : std::get<std::string>(segment);
  }
  return text;
}

}  // namespace migrationd::core

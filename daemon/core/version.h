#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/core/natural.h"

namespace migrationd::core {

/// A version as PEP 440 defines it: `[epoch!]release[{a|b|rc}N][.postN][.devN][+local]`. Accepts,
/// prints and orders what `packaging.version.Version` does (https://peps.python.org/pep-0440/).
/// An immutable value, free to copy and to share between threads.
///
/// Two deliberate differences. packaging matches letters with Python's Unicode case folding and so
/// takes U+0130, U+0131, U+017F and U+212A for i, s and k: the PEP allows ASCII letters only, and
/// so does this class. Python's int() refuses more than 4300 digits: here numbers have no limit.
class Version {
 public:
  /// The same as `Zero()`.
  Version() : release_(1) {}

  /// Any spelling that the PEP's appendix B allows (`v1.0`, ` 1.0-ALPHA_1 `, `1.0-1`), surrounding
  /// white space as Python's `\s` has it, in UTF-8. Nothing when `text` is not a version.
  static std::optional<Version> Parse(std::string_view text);

  /// The version `0`: at or below every version that is not a pre- or dev-release of 0.
  static Version Zero() { return {}; }

  /// The normal form, equal to Python's `str(Version(text))`. Trailing zeros of the release are
  /// kept, so two equal versions may print differently: `1.0` and `1.0.0`.
  [[nodiscard]] std::string Canonical() const;

  /// Total over all versions. Weak because `1.0` and `1.0.0` are equivalent, yet not the same text.
  friend std::weak_ordering operator<=>(const Version& a, const Version& b);
  friend bool operator==(const Version& a, const Version& b) { return (a <=> b) == 0; }

 private:
  friend class VersionParser;

  /// In their order.
  enum class Stage { kAlpha, kBeta, kReleaseCandidate };

  /// Text sorts before numbers, as the alternatives of a variant do.
  using LocalSegment = std::variant<std::string, Natural>;

  [[nodiscard]] int StageRank() const;

  Natural epoch_;
  std::vector<Natural> release_;  // Never empty.
  std::optional<std::pair<Stage, Natural>> pre_;
  std::optional<Natural> post_;
  std::optional<Natural> dev_;
  std::vector<LocalSegment> local_;  // Empty: no local version.
};

}  // namespace migrationd::core

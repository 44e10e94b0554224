#pragma once

#include <compare>
#include <memory>
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
/// An immutable value, free to copy and to share between threads: copies have their parts in
/// common, and of ten thousand migrations in ten versions there are ten.
///
/// Two deliberate differences. packaging matches letters with Python's Unicode case folding and so
/// takes U+0130, U+0131, U+017F and U+212A for i, s and k: the PEP allows ASCII letters only, and
/// so does this class. Python's int() refuses more than 4300 digits: here numbers have no limit.
class Version {
 public:
  /// The same as `Zero()`.
  Version();

  /// Moving copies: no version is ever without its parts.
  Version(const Version&) = default;
  Version& operator=(const Version&) = default;
  ~Version() = default;

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

  struct Parts {
    Natural epoch;
    std::vector<Natural> release;  // Never empty.
    std::optional<std::pair<Stage, Natural>> pre;
    std::optional<Natural> post;
    std::optional<Natural> dev;
    std::vector<LocalSegment> local;  // Empty: no local version.
  };

  explicit Version(Parts parts) : parts_(std::make_shared<const Parts>(std::move(parts))) {}

  static std::weak_ordering Compare(const Parts& a, const Parts& b);
  static int StageRankOf(const Parts& parts);

  std::shared_ptr<const Parts> parts_;
};

}  // namespace migrationd::core

#pragma once

#include <algorithm>
#include <compare>
#include <string>
#include <string_view>

namespace migrationd::core {

/// A natural number of any size, for text that sets no limit (PEP 440 numbers do not: dates and
/// build numbers exceed 64 bits in the wild). Kept as its decimal digits: it is compared and
/// printed, never calculated with.
class Natural {
 public:
  /// Zero.
  Natural() = default;

  /// `digits`: one or more of 0-9; leading zeros do not count.
  explicit Natural(std::string_view digits)
      : digits_(digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1))) {}

  [[nodiscard]] bool IsZero() const { return digits_ == "0"; }

  /// Decimal, without leading zeros.
  [[nodiscard]] const std::string& Digits() const { return digits_; }

  friend bool operator==(const Natural& a, const Natural& b) = default;

  friend std::strong_ordering operator<=>(const Natural& a, const Natural& b) {
    if (a.digits_.size() != b.digits_.size()) return a.digits_.size() <=> b.digits_.size();
    return a.digits_ <=> b.digits_;
  }

 private:
  std::string digits_ = "0";
};

}  // namespace migrationd::core

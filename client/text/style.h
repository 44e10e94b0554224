#pragma once

#include <string>
#include <string_view>

namespace telec {

/// Puts colour around words, or does not.
class Style {
 public:
  explicit Style(bool colour) : colour_(colour) {}

  std::string Bold(std::string_view text) const { return Around("1", text); }
  std::string Dim(std::string_view text) const { return Around("2", text); }
  std::string Red(std::string_view text) const { return Around("31", text); }
  std::string Green(std::string_view text) const { return Around("32", text); }
  std::string Yellow(std::string_view text) const { return Around("33", text); }

 private:
  /// `parameters` of SGR: ECMA-48, 8.3.117.
  std::string Around(std::string_view parameters, std::string_view text) const {
    if (!colour_ || text.empty()) return std::string(text);
    std::string coloured = "\x1b[";
    return coloured.append(parameters).append("m").append(text).append("\x1b[0m");
  }

  bool colour_;
};

}  // namespace telec

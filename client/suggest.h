#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace telec {

/// The one of `known` that was probably meant by `word`: it begins with it, or differs by at most a
/// third of its letters. Empty when nothing comes near.
std::string Suggest(std::string_view word, const std::vector<std::string>& known);

}  // namespace telec

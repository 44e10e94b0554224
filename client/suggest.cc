#include "client/suggest.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace telec {
namespace {

/// Levenshtein's distance.
std::size_t Distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string Suggest(std::string_view word, const std::vector<std::string>& known) {
  const std::size_t farthest = word.size() / 3;
  std::string nearest;
  std::size_t distance = farthest + 1;
  for (const std::string& each : known) {
    const bool is_beginning = word.size() > 2 && std::string_view(each).starts_with(word);
    const std::size_t its = is_beginning ? 0 : Distance(word, each);
    if (its >= distance) continue;
    distance = its;
    nearest = each;
  }
  return nearest;
}

}  // namespace telec

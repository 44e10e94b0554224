#include "daemon/core/plan_difference.h"

#include <algorithm>
#include <map>
#include <vector>

namespace migrationd::core {
namespace {

constexpr std::size_t kMostNamed = 10;

/// A manifest's lines: the first word -> the rest.
std::map<std::string, std::string> LinesOf(std::string_view manifest) {
  std::map<std::string, std::string> lines;
  while (!manifest.empty()) {
    const std::string_view line = manifest.substr(0, manifest.find('\n'));
    manifest.remove_prefix(std::min(line.size() + 1, manifest.size()));
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) continue;
    lines.emplace(line.substr(0, space), line.substr(space + 1));
  }
  return lines;
}

/// How a line that both have differs; its key has a slash when it is a migration.
std::string DescribeChange(const std::string& key, const std::string& then,
                           const std::string& now) {
  if (key == "run") return "";
  if (key.find('/') == std::string::npos) {
    const std::string what = key == "current" ? "the current version"
                             : key == "from"  ? "the lower bound"
                                              : "the upper bound";
    return what + " " + then + " became " + now;
  }
  const bool same_script = then.substr(0, then.find(' ')) == now.substr(0, now.find(' '));
  return key + (same_script ? " was settled or reopened meanwhile" : " was changed");
}

std::string Join(const std::vector<std::string>& changes) {
  std::string text;
  for (std::size_t i = 0; i < changes.size() && i < kMostNamed; ++i) {
    text += (i == 0 ? "" : "; ") + changes[i];
  }
  if (changes.size() > kMostNamed) {
    text += "; and " + std::to_string(changes.size() - kMostNamed) + " more changes";
  }
  return text;
}

}  // namespace

std::string DescribeDifference(std::string_view planned, std::string_view now) {
  std::map<std::string, std::string> before = LinesOf(planned);
  std::vector<std::string> changes;
  for (const auto& [key, rest] : LinesOf(now)) {
    const auto found = before.find(key);
    if (found == before.end()) {
      changes.push_back(key + " was added");
      continue;
    }
    if (found->second != rest) {
      if (std::string change = DescribeChange(key, found->second, rest); !change.empty()) {
        changes.push_back(std::move(change));
      }
    }
    before.erase(found);
  }
  for (const auto& [key, rest] : before) changes.push_back(key + " was removed");
  return changes.empty() ? "another run or resolution was recorded meanwhile" : Join(changes);
}

void PlanMemory::Remember(const Plan& plan) {
  std::erase_if(plans_, [&plan](const Remembered& other) { return other.digest == plan.digest; });
  plans_.push_back({plan.digest, plan.manifest});
  if (plans_.size() > kMostPlans) plans_.pop_front();
}

Error PlanMemory::MovedSince(const std::string& digest, const Plan& now) const {
  const auto planned =
      std::find_if(plans_.begin(), plans_.end(),
                   [&digest](const Remembered& plan) { return plan.digest == digest; });
  const std::string what = planned == plans_.end()
                               ? "what was planned is no longer known here"
                               : DescribeDifference(planned->manifest, now.manifest);
  return Error{Reason::kPlanMoved, "the plan moved since it was made, nothing was run: " + what,
               "Look at the plan again and run that."};
}

}  // namespace migrationd::core

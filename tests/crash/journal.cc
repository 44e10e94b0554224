#include "tests/crash/journal.h"

#include <set>
#include <sstream>

namespace migrationd::crash {

JournalVerdict Judge(std::string_view journal) {
  JournalVerdict verdict;
  std::istringstream lines{std::string(journal.substr(0, journal.rfind('\n') + 1))};
  std::string current;           // The execution that began last.
  std::set<std::string> marked;  // Names whose effect is there for certain.
  std::uint64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string where = "journal line " + std::to_string(++number) + ": " + line;
    std::istringstream words(line);
    std::string word;
    std::string name;
    std::string execution;
    words >> word >> name >> execution;
    if (word == "overlap") {
      verdict.overlapping.push_back(where + " (the lock was held)");
      continue;
    }
    if (word == "begin") {
      ++verdict.executions;
      current = execution;
      if (marked.contains(name)) verdict.again.push_back(where + " (it had ended before)");
    } else if (execution != current) {
      verdict.overlapping.push_back(where + " (another execution had begun)");
    }
    if (word == "again") verdict.again.push_back(where);
    if (word == "end") marked.insert(name);
  }
  return verdict;
}

}  // namespace migrationd::crash

#pragma once

#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/core/result.h"
#include "tests/storage/faults/faulty_files.h"
#include "tests/storage/faults/narrator.h"

namespace migrationd::storage {

/// What became of every single fault, for people: docs/reliability.md keeps it.
class FaultTable {
 public:
  struct Row {
    int points = 0;     ///< Calls in which the fault was put.
    int went_on = 0;    ///< The store finished what it was asked.
    int refused = 0;    ///< It said that it could not, or the world ended.
    int recovered = 0;  ///< Opened again it held everything it had promised.
  };

  Row& At(std::string_view operation, const std::string& call, const Fault& fault);
  /// A row for each operation and call, a column for each fault: recovered of points.
  void Print(std::ostream& out) const;
  [[nodiscard]] Row Total() const;

 private:
  using Operation = std::pair<std::string, std::string>;  // With the system call.
  std::map<Operation, std::map<std::string, Row>> rows_;
};

/// "EIO, once"
std::string Describe(const Fault& fault);

/// Every kind of fault, at call 0.
const std::vector<Fault>& AllFaults();

}  // namespace migrationd::storage

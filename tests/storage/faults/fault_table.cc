#include "tests/storage/faults/fault_table.h"

#include <vector>

namespace migrationd::storage {

std::string Describe(const Fault& fault) {
  const char* lasting = fault.from_then_on ? ", from then on" : ", once";
  switch (fault.kind) {
    case Fault::Kind::kNone:
      return "none";
    case Fault::Kind::kIoError:
      return std::string("EIO") + lasting;
    case Fault::Kind::kFull:
      return std::string("ENOSPC") + lasting;
    case Fault::Kind::kInterrupted:
      return std::string("EINTR") + lasting;
    case Fault::Kind::kCrash:
      return "crash";
  }
  return "";
}

const std::vector<Fault>& AllFaults() {
  using Kind = Fault::Kind;
  static const std::vector<Fault> kFaults{
      {Kind::kIoError, false}, {Kind::kIoError, true},      {Kind::kFull, false},
      {Kind::kFull, true},     {Kind::kInterrupted, false}, {Kind::kInterrupted, true},
      {Kind::kCrash, true},
  };
  return kFaults;
}

FaultTable::Row& FaultTable::At(std::string_view operation, const std::string& call,
                                const Fault& fault) {
  return rows_[{std::string(operation), call, Describe(fault)}];
}

FaultTable::Row FaultTable::Total() const {
  Row total;
  for (const auto& [key, row] : rows_) {
    total.points += row.points;
    total.went_on += row.went_on;
    total.refused += row.refused;
    total.recovered += row.recovered;
  }
  return total;
}

void FaultTable::Print(std::ostream& out) const {
  out << "| operation | system call | fault | points | went on | refused or ended | recovered |\n"
         "|---|---|---|--:|--:|--:|--:|\n";
  for (const auto& [key, row] : rows_) {
    const auto& [operation, call, fault] = key;
    out << "| " << operation << " | " << call << " | " << fault << " | " << row.points << " | "
        << row.went_on << " | " << row.refused << " | " << row.recovered << " |\n";
  }
  const Row total = Total();
  out << "| **all** | | | " << total.points << " | " << total.went_on << " | " << total.refused
      << " | " << total.recovered << " |\n";
}

}  // namespace migrationd::storage

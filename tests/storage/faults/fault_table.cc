#include "tests/storage/faults/fault_table.h"

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
  return rows_[{std::string(operation), call}][Describe(fault)];
}

FaultTable::Row FaultTable::Total() const {
  Row total;
  for (const auto& [operation, faults] : rows_) {
    for (const auto& [fault, row] : faults) {
      total.points += row.points;
      total.went_on += row.went_on;
      total.refused += row.refused;
      total.recovered += row.recovered;
    }
  }
  return total;
}

void FaultTable::Print(std::ostream& out) const {
  out << "| operation | system call |";
  for (const Fault& fault : AllFaults()) out << " " << Describe(fault) << " |";
  out << "\n|---|---|";
  for (std::size_t i = 0; i < AllFaults().size(); ++i) out << "--:|";
  out << "\n";
  for (const auto& [operation, faults] : rows_) {
    out << "| " << operation.first << " | " << operation.second << " |";
    for (const Fault& fault : AllFaults()) {
      const auto row = faults.find(Describe(fault));
      if (row == faults.end()) {
        out << " |";
      } else {
        out << " " << row->second.recovered << "/" << row->second.points << " |";
      }
    }
    out << "\n";
  }
  const Row total = Total();
  out << "\n"
      << total.recovered << " of " << total.points << " recovered. In " << total.went_on
      << " the store finished what it was asked, in " << total.refused
      << " it said that it could not, or the process ended there.\n";
}

}  // namespace migrationd::storage

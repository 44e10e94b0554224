#include "daemon/core/outlook.h"

namespace migrationd::core {

Outlook::Counts Outlook::Of(const std::shared_ptr<const Catalogue>& catalogue, const State& state,
                            const Version& current) {
  if (catalogue_.lock() == catalogue && position_ == state.position) return counts_;
  counts_ = {};
  for (const Migration& migration : catalogue->migrations) {
    if (state.records.contains(migration.id)) continue;
    ++(migration.version <= current ? counts_.out_of_order : counts_.pending);
  }
  catalogue_ = catalogue;
  position_ = state.position;
  return counts_;
}

}  // namespace migrationd::core

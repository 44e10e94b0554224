#include "daemon/storage/legacy_state.h"

#include <optional>

#include "daemon/core/version.h"

namespace migrationd::storage {
namespace {

/// The id as the catalogue gives it: the version in its canonical form.
std::optional<std::string> CanonicalId(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const std::optional<core::Version> version = core::Version::Parse(text.substr(0, slash));
  const std::string file = text.substr(slash + 1);
  if (!version || file.empty() || file.find('/') != std::string::npos) return std::nullopt;
  return version->Canonical() + "/" + file;
}

BadSnapshot Foreign(std::string why) { return BadSnapshot{false, std::move(why)}; }

}  // namespace

std::variant<Snapshot, BadSnapshot> DecodeLegacy(const JsonIn& json) {
  const auto applied = json.find("applied");
  if (applied == json.end()) return Foreign("it is a JSON object, but not a state of migrationd");
  if (json.size() != 1)
    return Foreign("it has 'applied', and beside it what migrationd does not know");
  if (!applied->is_array()) return Foreign("its 'applied' is not a list");
  Snapshot snapshot;
  snapshot.legacy = true;
  for (const JsonIn& entry : *applied) {
    const auto* text = entry.get_ptr<const std::string*>();
    const std::optional<std::string> id = text == nullptr ? std::nullopt : CanonicalId(*text);
    if (!id) return Foreign("its 'applied' has " + entry.dump() + ", which names no migration");
    snapshot.state.records[*id] = core::Record{};
  }
  return snapshot;
}

}  // namespace migrationd::storage

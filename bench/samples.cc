#include "bench/samples.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace migrationd::bench {
namespace {

constexpr std::size_t kScriptsPerVersion = 20;
constexpr core::WallTime kBegin{std::chrono::hours(24 * 365 * 56)};

std::string Padded(std::size_t number, std::size_t width) {
  std::string digits = std::to_string(number);
  return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

core::EventPtr MakeEvent(std::uint64_t sequence, core::Fact fact) {
  const core::WallTime time = kBegin + std::chrono::milliseconds(sequence);
  return std::make_shared<const core::Event>(core::Event{sequence, time, std::move(fact)});
}

}  // namespace

core::Catalogue MakeCatalogue(std::size_t count) {
  core::Catalogue catalogue;
  catalogue.root = "/srv/app/migrations";
  catalogue.migrations.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string version = "1." + std::to_string(i / kScriptsPerVersion) + ".0";
    core::Migration migration;
    migration.id = version + "/" + Padded(i % kScriptsPerVersion + 1, 3) + "_rename_config_key.py";
    migration.version = core::Version::Parse(version).value_or(core::Version::Zero());
    migration.path = catalogue.root + "/v" + migration.id;
    migration.sha256 = Padded(i, 64);
    migration.description = "Rename 'colour' to 'color' in settings.json.";
    catalogue.migrations.push_back(std::move(migration));
  }
  return catalogue;
}

std::vector<core::EventPtr> MakeRun(const core::Catalogue& catalogue) {
  const std::size_t count = catalogue.migrations.size();
  std::vector<core::EventPtr> events;
  events.reserve(2 * count + 2);
  core::RunStarted started;
  started.request_id = "9b2d7c1e-5a0f-4c38-8e61-2f7d90b3a614";
  started.from_version = "0";
  started.to_version = count == 0 ? "0" : catalogue.migrations.back().version.Canonical();
  started.plan_digest = Padded(count, 64);
  started.total = count;
  const std::string reached = started.to_version;
  std::uint64_t sequence = 0;
  events.push_back(MakeEvent(++sequence, std::move(started)));
  std::uint64_t position = 0;
  for (const core::Migration& migration : catalogue.migrations) {
    events.push_back(MakeEvent(
        ++sequence,
        core::MigrationStarted{migration.id, migration.sha256, migration.description, ++position}));
    core::MigrationEnded ended;
    ended.migration_id = migration.id;
    ended.sha256 = migration.sha256;
    ended.duration = std::chrono::microseconds(700);
    events.push_back(MakeEvent(++sequence, std::move(ended)));
  }
  core::RunEnded ended;
  ended.current_version = reached;
  ended.applied = count;
  events.push_back(MakeEvent(++sequence, std::move(ended)));
  return events;
}

core::State MakeState(const core::Catalogue& catalogue) {
  core::State state;
  for (const core::EventPtr& event : MakeRun(catalogue)) core::Apply(state, SampleRun(), *event);
  return state;
}

core::RunId SampleRun() { return core::MakeRunId(1, 0x3f9c2a7e); }

std::string MakeText(std::size_t size, bool only_ascii) {
  const std::string_view words =
      only_ascii ? "row 4711 of the table is converted, " : "Größe geändert: 12 € – weiter, ";
  std::string text;
  while (text.size() + words.size() <= size) text += words;
  text.resize(size, '.');
  return text;
}

}  // namespace migrationd::bench

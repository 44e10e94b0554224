#include <toml++/toml.h>

#include <array>
#include <sstream>
#include <utility>
#include <variant>

#include "daemon/core/text.h"
#include "daemon/host/config.h"

namespace migrationd::host {
namespace {

using Strings = std::vector<std::string>;
using StringMap = std::map<std::string, std::string>;
using Member = std::variant<std::string Config::*, std::uint64_t Config::*, Strings Config::*,
                            StringMap Config::*>;

struct Setting {
  std::string_view section;
  std::string_view key;
  Member member;
};

/// The reference of all keys: what is not here is not understood.
constexpr std::array kSettings{
    Setting{"daemon", "migrations", &Config::migrations},
    Setting{"daemon", "state", &Config::state},
    Setting{"daemon", "socket", &Config::socket},
    Setting{"daemon", "initial_version", &Config::initial_version},
    Setting{"daemon", "operator_group", &Config::operator_group},
    Setting{"daemon", "viewer_group", &Config::viewer_group},
    Setting{"daemon", "exposure", &Config::exposure},
    Setting{"daemon", "log_level", &Config::log_level},
    Setting{"daemon", "stop_grace_seconds", &Config::stop_grace_seconds},
    Setting{"scripts", "python", &Config::python},
    Setting{"scripts", "sys_path", &Config::sys_path},
    Setting{"scripts", "environment", &Config::environment},
    Setting{"scripts", "pass_environment", &Config::pass_environment},
    Setting{"scripts", "working_directory", &Config::working_directory},
    Setting{"scripts", "timeout_seconds", &Config::timeout_seconds},
    Setting{"scripts", "kill_grace_seconds", &Config::kill_grace_seconds},
    Setting{"scripts", "idle_seconds", &Config::idle_seconds},
    Setting{"limits", "script_bytes", &Config::script_bytes},
    Setting{"limits", "output_bytes", &Config::output_bytes},
    Setting{"limits", "run_output_bytes", &Config::run_output_bytes},
    Setting{"limits", "history_runs", &Config::history_runs},
    Setting{"limits", "history_days", &Config::history_days},
    Setting{"limits", "history_bytes", &Config::history_bytes},
    Setting{"limits", "reserve_bytes", &Config::reserve_bytes},
    Setting{"limits", "connections", &Config::connections},
};

/// Far beyond any sensible value, and small enough to be added up without overflow.
constexpr std::int64_t kLargestNumber = std::int64_t{1} << 48;

/// Puts a TOML value where it belongs; says what it should have been when it does not fit.
struct Assign {
  const toml::node& node;
  Config& config;

  std::string operator()(std::string Config::*member) const {
    const auto value = node.value<std::string>();
    if (!node.is_string() || !value) return "should be a string";
    config.*member = *value;
    return "";
  }

  std::string operator()(std::uint64_t Config::*member) const {
    const auto value = node.value<std::int64_t>();
    if (!node.is_integer() || !value || *value < 0 || *value > kLargestNumber) {
      return "should be a whole number, from 0 to " + std::to_string(kLargestNumber);
    }
    config.*member = static_cast<std::uint64_t>(*value);
    return "";
  }

  std::string operator()(Strings Config::*member) const {
    const toml::array* array = node.as_array();
    if (array == nullptr) return "should be an array of strings";
    Strings strings;
    for (const toml::node& element : *array) {
      if (!element.is_string()) return "should hold strings only";
      strings.push_back(*element.value<std::string>());
    }
    config.*member = std::move(strings);
    return "";
  }

  std::string operator()(StringMap Config::*member) const {
    const toml::table* table = node.as_table();
    if (table == nullptr) return "should be a table of strings";
    StringMap strings;
    for (const auto& [key, value] : *table) {
      if (!value.is_string()) return "should hold strings only";
      strings[std::string(key.str())] = *value.value<std::string>();
    }
    config.*member = std::move(strings);
    return "";
  }
};

core::Error At(const std::string& file, const toml::source_region& where, const std::string& what,
               const std::string& hint) {
  return core::Error{
      core::Reason::kConfigInvalid,
      "the configuration '" + file + "', line " + std::to_string(where.begin.line) + ": " + what,
      hint};
}

std::string DidYouMean(const std::string& word, const Strings& candidates) {
  const std::string closest = core::ClosestOf(word, candidates);
  return closest.empty() ? "docs/reference/configuration.md lists the keys."
                         : "Did you mean `" + closest + "`?";
}

core::Status ReadSection(const std::string& section, const toml::table& table,
                         const std::string& file, Config& config) {
  for (const auto& [name, node] : table) {
    const std::string key(name.str());
    const Setting* found = nullptr;
    Strings candidates;
    for (const Setting& setting : kSettings) {
      if (setting.section != section) continue;
      candidates.emplace_back(setting.key);
      if (setting.key == key) found = &setting;
    }
    if (found == nullptr) {
      return At(file, node.source(), "there is no key `" + section + "." + key + "`",
                DidYouMean(key, candidates));
    }
    if (const std::string problem = std::visit(Assign{node, config}, found->member);
        !problem.empty()) {
      return At(file, node.source(), "`" + section + "." + key + "` " + problem, "Mend the value.");
    }
  }
  return core::Ok();
}

}  // namespace

core::Status ReadConfig(std::string_view toml, const std::string& file, Config& config) {
  toml::table root;
  try {
    root = toml::parse(toml, file);
  } catch (const toml::parse_error& error) {
    return At(file, error.source(), std::string(error.description()),
              "It has to be TOML (https://toml.io).");
  }
  for (const auto& [name, node] : root) {
    const std::string section(name.str());
    const toml::table* table = node.as_table();
    if (table == nullptr || (section != "daemon" && section != "scripts" && section != "limits")) {
      return At(file, node.source(), "there is no section or key `" + section + "` at the top",
                DidYouMean(section, {"daemon", "scripts", "limits"}));
    }
    if (const auto read = ReadSection(section, *table, file, config); !read) return read;
  }
  return core::Ok();
}

std::vector<std::string> ConfigKeys() {
  std::vector<std::string> keys;
  keys.reserve(kSettings.size());
  for (const Setting& setting : kSettings) {
    keys.push_back(std::string(setting.section) + "." + std::string(setting.key));
  }
  return keys;
}

}  // namespace migrationd::host

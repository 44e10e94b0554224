#include "daemon/core/catalogue.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include "daemon/core/natural.h"

namespace migrationd::core {
namespace {

constexpr std::size_t kLeastDigits = 3;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWord(char c) {
  return IsDigit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool HasSuffix(std::string_view name, std::string_view suffix) {
  return name.size() >= suffix.size() && name.substr(name.size() - suffix.size()) == suffix;
}

/// The digits in front of `^\d{3,}_[A-Za-z0-9_]+\.py$`, or nothing when the name is no script's.
std::string_view NumberOf(std::string_view name) {
  if (!HasSuffix(name, ".py")) return {};
  const std::string_view stem = name.substr(0, name.size() - 3);
  const auto digits_end = std::find_if_not(stem.begin(), stem.end(), IsDigit);
  const auto digits = static_cast<std::size_t>(digits_end - stem.begin());
  if (digits < kLeastDigits || digits + 1 >= stem.size() || stem[digits] != '_') return {};
  if (!std::all_of(digits_end, stem.end(), IsWord)) return {};
  return stem.substr(0, digits);
}

/// A folder that is a version: its name is "v" and a PEP 440 version.
std::optional<Version> VersionOf(const ListedEntry& folder) {
  if (folder.name.empty() || folder.name[0] != 'v') return std::nullopt;
  return Version::Parse(std::string_view(folder.name).substr(1));
}

bool LooksLikeVersion(std::string_view name) {
  const bool has_prefix = !name.empty() && (name[0] == 'v' || name[0] == 'V');
  const std::string_view rest = has_prefix ? name.substr(1) : name;
  return !rest.empty() && IsDigit(rest[0]);
}

void Transcribe(const ListedEntry& entry, std::string& text) {
  text += static_cast<char>('0' + static_cast<int>(entry.kind));
  text += entry.leads_out ? '>' : '.';
  // No file name and no hash has a zero byte, and the other texts are ours.
  for (const std::string* part :
       {&entry.name, &entry.path, &entry.problem, &entry.exposure, &entry.sha256}) {
    text += *part;
    text += '\0';
  }
}

class Builder {
 public:
  Builder(const FactsLookup& facts, ExposurePolicy exposure) : facts_(facts), exposure_(exposure) {}

  Catalogue Build(const CatalogueListing& listing) {
    catalogue_.root = listing.root;
    JudgeExposure(listing.root, listing.root_exposure);
    for (const ListedEntry& entry : listing.others) JudgeStrayEntry(entry);
    for (const ListedFolder& folder : listing.folders) AddFolder(folder);
    if (catalogue_.migrations.empty() && !catalogue_.HasErrors()) {
      Warn(listing.root,
           "holds no migration; put the first into a version folder, such as v1.1.0/001_name.py");
    }
    Sort();
    return std::move(catalogue_);
  }

 private:
  void Warn(const std::string& subject, std::string message) {
    catalogue_.findings.push_back({Finding::Severity::kWarning, subject, std::move(message)});
  }
  void Refuse(const std::string& subject, std::string message) {
    catalogue_.findings.push_back({Finding::Severity::kError, subject, std::move(message)});
  }

  void JudgeExposure(const std::string& path, const std::string& exposure) {
    if (exposure.empty() || exposure_ == ExposurePolicy::kIgnore) return;
    std::string message =
        exposure +
        ": whoever can change it decides what runs here; take that right away (chmod go-w, chown)";
    if (exposure_ == ExposurePolicy::kRefuse) {
      Refuse(path, std::move(message));
    } else {
      Warn(path, std::move(message));
    }
  }

  /// True when the entry can be used as what it is.
  bool JudgeAccess(const ListedEntry& entry) {
    if (entry.leads_out) {
      Refuse(entry.path,
             "is a symbolic link that leads out of the catalogue; put what it points at inside");
      return false;
    }
    if (!entry.problem.empty()) {
      Refuse(entry.path, "cannot be read: " + entry.problem + "; make it readable for the daemon");
      return false;
    }
    JudgeExposure(entry.path, entry.exposure);
    return true;
  }

  void JudgeStrayEntry(const ListedEntry& entry) {
    if (IsIgnoredName(entry.name)) return;
    if (!NumberOf(entry.name).empty()) {
      Warn(entry.path,
           "is not in a version folder and is ignored; move it into one, such as v1.2.0/");
    }
  }

  void AddFolder(const ListedFolder& folder) {
    const ListedEntry& self = folder.self;
    if (IsIgnoredName(self.name)) return;
    const std::optional<Version> version = VersionOf(self);
    if (!version) {
      if (!LooksLikeVersion(self.name)) return;
      Warn(self.path,
           self.name[0] == 'v' || self.name[0] == 'V'
               ? "is not 'v' and a PEP 440 version and is ignored; rename it if it holds migrations"
               : "lacks the 'v' in front and is ignored; rename it to v" + self.name +
                     " if it holds migrations");
      return;
    }
    if (!JudgeAccess(self)) return;
    const auto [other, is_new] = folders_.emplace(*version, self.path);
    if (!is_new) {
      Refuse(self.path, "is the same version as '" + other->second + "'; merge the two folders");
      return;
    }
    AddScripts(folder, *version);
  }

  void AddScripts(const ListedFolder& folder, const Version& version) {
    std::map<Natural, const ListedEntry*> scripts;
    std::vector<const ListedEntry*> entries;
    for (const ListedEntry& entry : folder.entries) entries.push_back(&entry);
    std::sort(entries.begin(), entries.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    for (const ListedEntry* entry : entries) {
      if (IsIgnoredName(entry->name) || !HasSuffix(entry->name, ".py")) continue;
      const std::string_view digits = NumberOf(entry->name);
      if (digits.empty()) {
        Warn(entry->path,
             "is not named like a migration and is ignored; the form is 001_name.py: three digits "
             "or more, "
             "an underscore, then letters, digits and underscores");
        continue;
      }
      const auto [other, is_new] = scripts.emplace(Natural(digits), entry);
      if (!is_new) {
        Refuse(entry->path,
               "has the same number as '" + other->second->name + "'; renumber one of the two");
      }
    }
    for (const auto& [number, entry] : scripts) AddScript(*entry, version);
  }

  void AddScript(const ListedEntry& entry, const Version& version) {
    if (!JudgeAccess(entry)) return;
    if (entry.kind != ListedEntry::Kind::kFile) {
      Refuse(entry.path, "is named like a migration but is not a file; rename or remove it");
      return;
    }
    Migration migration{version.Canonical() + "/" + entry.name,
                        version,
                        entry.path,
                        entry.sha256,
                        "",
                        std::nullopt};
    if (const ScriptFacts* facts = facts_(entry.sha256)) {
      if (!facts->problem.empty()) {
        Refuse(entry.path, facts->problem);
        return;
      }
      migration.description = facts->description;
      migration.timeout = facts->timeout;
    }
    catalogue_.migrations.push_back(std::move(migration));
  }

  void Sort() {
    // Within a version they are in the order of their numbers already.
    std::stable_sort(catalogue_.migrations.begin(), catalogue_.migrations.end(),
                     [](const Migration& a, const Migration& b) { return a.version < b.version; });
    catalogue_.migrations.shrink_to_fit();
    std::sort(catalogue_.findings.begin(), catalogue_.findings.end(),
              [](const Finding& a, const Finding& b) {
                return std::tie(b.severity, a.subject, a.message) <
                       std::tie(a.severity, b.subject, b.message);
              });
  }

  const FactsLookup& facts_;
  ExposurePolicy exposure_;
  Catalogue catalogue_;
  std::map<Version, std::string> folders_;  ///< Version -> path: 1.1 and 1.1.0 are one.
};

}  // namespace

bool Catalogue::HasErrors() const {
  return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.severity == Finding::Severity::kError;
  });
}

bool IsIgnoredName(const std::string& name) {
  return name.empty() || name[0] == '_' || name[0] == '.' || name.starts_with("README");
}

std::vector<const ListedEntry*> ScriptsOf(const CatalogueListing& listing) {
  std::vector<const ListedEntry*> scripts;
  for (const ListedFolder& folder : listing.folders) {
    if (!VersionOf(folder.self)) continue;
    for (const ListedEntry& entry : folder.entries) {
      if (!entry.sha256.empty() && !NumberOf(entry.name).empty()) scripts.push_back(&entry);
    }
  }
  return scripts;
}

std::string Transcribe(const CatalogueListing& listing) {
  std::string text = listing.root + '\0' + listing.root_exposure + '\0';
  for (const ListedFolder& folder : listing.folders) {
    Transcribe(folder.self, text);
    text += std::to_string(folder.entries.size());
    for (const ListedEntry& entry : folder.entries) Transcribe(entry, text);
  }
  for (const ListedEntry& entry : listing.others) Transcribe(entry, text);
  return text;
}

Catalogue BuildCatalogue(const CatalogueListing& listing, const FactsLookup& facts,
                         ExposurePolicy exposure) {
  return Builder(facts, exposure).Build(listing);
}

}  // namespace migrationd::core

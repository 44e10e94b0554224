#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/core/version.h"

namespace migrationd::core {

/// One entry of the migrations directory, as the file system has it; nothing is judged yet.
struct ListedEntry {
  enum class Kind { kFile, kDirectory, kOther };

  std::string name;          ///< The last component.
  std::string path;          ///< Absolute.
  Kind kind = Kind::kOther;  ///< Of what a symbolic link leads to.
  bool leads_out = false;    ///< A symbolic link whose target lies outside the catalogue.
  std::string problem;   ///< Why it could not be read ("Permission denied"); empty when it could.
  std::string exposure;  ///< Who else could change it ("is writable by its group (mode 0664)");
                         ///< empty if nobody.
  std::string sha256;  ///< Of a script's bytes, lower-case hex; empty for all else and for what was
                       ///< not read.
};

/// A version folder and what lies in it.
struct ListedFolder {
  ListedEntry self;
  std::vector<ListedEntry> entries;
};

/// The migrations directory as read, in no particular order.
struct CatalogueListing {
  std::string root;           ///< Absolute path of the directory.
  std::string root_exposure;  ///< As ListedEntry::exposure, of the directory itself.
  std::vector<ListedFolder> folders;
  std::vector<ListedEntry> others;  ///< What lies beside the folders.
};

/// The whole listing as text, in no form that anybody reads: what makes two of them equal.
std::string Transcribe(const CatalogueListing& listing);

/// What a script says of itself without being executed: the result of a static parse.
struct ScriptFacts {
  std::string description;                      ///< First line of the docstring; may be empty.
  std::optional<std::chrono::seconds> timeout;  ///< `TIMEOUT = n`, when there is one.
  std::string
      problem;  ///< Why it cannot be a migration ("line 3: invalid syntax"); empty when it can.
};

/// One migration of the catalogue.
struct Migration {
  std::string id;  ///< `<canonical version>/<file name>`.
  Version version;
  std::string path;
  std::string sha256;
  std::string description;
  std::optional<std::chrono::seconds> timeout;
};

/// A migration as plans and runs have it: the catalogue's own, which lives as long as they do.
using MigrationPtr = std::shared_ptr<const Migration>;

/// Something about the catalogue that a person should know.
struct Finding {
  enum class Severity { kWarning, kError };

  Severity severity = Severity::kError;
  std::string subject;  ///< Path of the file or folder.
  std::string message;  ///< What is wrong with it, and what to do.
};

/// How strictly the catalogue's protection is judged.
enum class ExposurePolicy { kIgnore, kWarn, kRefuse };

/// The migrations directory as understood: migrations in the order in which they run (version, then
/// number, then name), and what was noticed. With an error among the findings nothing may be
/// planned.
struct Catalogue {
  std::string root;
  std::vector<Migration> migrations;
  std::vector<Finding> findings;

  bool HasErrors() const;
};

/// Looks up what a script says of itself, by the SHA-256 of its bytes; nullptr when not parsed yet.
using FactsLookup = std::function<const ScriptFacts*(const std::string& sha256)>;

/// The files of the listing that are scripts by their name and place, e.g. to parse them first.
std::vector<const ListedEntry*> ScriptsOf(const CatalogueListing& listing);

/// Judges a listing. Scripts that `facts` does not know are taken as they are, without a
/// description.
Catalogue BuildCatalogue(const CatalogueListing& listing, const FactsLookup& facts,
                         ExposurePolicy exposure);

/// True for the names that §2 of the contract ignores silently: `_x`, `.x`, `README*`,
/// `__pycache__`.
bool IsIgnoredName(const std::string& name);

}  // namespace migrationd::core

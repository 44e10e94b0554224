#include "tests/crash/site.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "daemon/storage/state_codec.h"

namespace migrationd::crash {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kScriptsOfAVersion = 4;

void WriteWhole(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write '" + path + "'");
}

void Replace(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), by);
  }
}

/// The file in the site's marks/ that tells of a migration's effect.
std::string MarkOf(const std::string& version, const std::string& file) {
  return version + "-" + file;
}

}  // namespace

std::string ReadWhole(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

Site::Site() {
  std::string form = (fs::temp_directory_path() / "migrationd-crash-XXXXXX").string();
  if (mkdtemp(form.data()) == nullptr) throw std::runtime_error("cannot make '" + form + "'");
  path_ = form;
  for (const char* folder : {"/migrations", "/state", "/marks"}) {
    fs::create_directory(path_ + folder);
  }
  WriteWhole(journal(), "");
  WriteWhole(path_ + "/site", "");
  WriteWhole(config(), "[daemon]\nmigrations = \"" + path_ + "/migrations\"\nstate = \"" + path_ +
                           "/state/migration_state.json\"\nsocket = \"" + socket() +
                           "\"\nexposure = \"ignore\"\nstop_grace_seconds = 1\n"
                           "[scripts]\ntimeout_seconds = 60\nkill_grace_seconds = 1\n");
}

Site::~Site() {
  std::error_code ignored;
  if (!keep_) fs::remove_all(path_, ignored);
}

void Site::AddMigration(const std::string& version, const std::string& file,
                        const std::string& source) {
  const std::string folder = path_ + "/migrations/v" + version;
  fs::create_directories(folder);
  WriteWhole(folder + "/" + file, source);
  ids_.push_back(version + "/" + file);
}

void Site::AddCrashScripts(std::size_t count, Dice& dice) {
  constexpr std::array kKinds = {"quick",    "quick",  "quick",  "slow",
                                 "stubborn", "family", "family", "deserter"};
  const std::string form =
      ReadWhole(std::string(MIGRATIOND_SOURCE_DIR) + "/tests/crash/crash_script.py");
  if (form.empty()) throw std::runtime_error("cannot read 'tests/crash/crash_script.py'");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string version = "1." + std::to_string(1 + i / kScriptsOfAVersion) + ".0";
    const std::string file = "00" + std::to_string(1 + i % kScriptsOfAVersion) + "_mark.py";
    std::string source = form;
    Replace(source, "@ROOT@", path_);
    Replace(source, "@NAME@", MarkOf(version, file));
    Replace(source, "@KIND@", kKinds.at(dice.Between(0, kKinds.size() - 1)));
    AddMigration(version, file, source);
  }
}

void Site::RecordOthers(std::size_t count) {
  storage::Snapshot snapshot;
  snapshot.run_ended = true;
  snapshot.state.current_version = "0.9.0";
  for (std::size_t i = 0; i < count; ++i) {
    core::Record record;
    record.at = core::WallTime(1'700'000'000'000'000 + static_cast<std::int64_t>(i) * 1'000'000);
    record.duration = std::chrono::microseconds(1234 + i);
    record.run_id = "1-0badcafe";
    record.sha256 = std::string(64, static_cast<char>('a' + i % 6));
    const std::string number = std::to_string(i);
    snapshot.state.records["0." + std::string(6 - std::min<std::size_t>(6, number.size()), '0') +
                           number + ".0/001_earlier_migration.py"] = record;
  }
  WriteWhole(path_ + "/state/migration_state.json",
             storage::EncodeSnapshot(snapshot.state, snapshot.run_ended));
}

std::vector<std::string> Site::WithoutMark() const {
  std::vector<std::string> missing;
  for (const std::string& id : ids_) {
    const std::size_t slash = id.find('/');
    const std::string mark = MarkOf(id.substr(0, slash), id.substr(slash + 1));
    if (!fs::exists(path_ + "/marks/" + mark)) missing.push_back(id);
  }
  return missing;
}

}  // namespace migrationd::crash

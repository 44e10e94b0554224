#include <algorithm>
#include <string>
#include <variant>

#include "daemon/storage/digest.h"
#include "daemon/storage/state_codec.h"
#include "daemon/storage/state_store.h"
#include "tests/fuzz/memory_files.h"
#include "tests/fuzz/targets.h"

namespace migrationd::fuzz {
namespace {

using storage::Snapshot;

constexpr const char* kPath = "/state/migration_state.json";

/// With the right checksum in the third line, where a fuzzer would never find it.
std::string Sealed(std::string_view bytes) {
  std::size_t begin = 0;
  for (int line = 0; line < 2; ++line) {
    begin = bytes.find('\n', begin);
    if (begin == std::string_view::npos) return std::string(bytes);
    ++begin;
  }
  const std::size_t end = std::min(bytes.size(), bytes.find('\n', begin) + 1);
  const std::string_view before = bytes.substr(0, begin);
  const std::string_view after = end == 0 ? "" : bytes.substr(end);
  return std::string(before) + "  \"checksum\": \"sha256:" + storage::Sha256Hex({before, after}) +
         "\",\n" + std::string(after);
}

void Check(const std::string& bytes) {
  const auto decoded = storage::DecodeSnapshot(bytes);
  const auto* snapshot = std::get_if<Snapshot>(&decoded);
  if (snapshot == nullptr) {
    Require(!std::get<storage::BadSnapshot>(decoded).why.empty(), "what is wrong is said");
  } else if (!snapshot->legacy) {
    const auto again =
        storage::DecodeSnapshot(storage::EncodeSnapshot(snapshot->state, snapshot->run_ended));
    const auto* same = std::get_if<Snapshot>(&again);
    Require(same != nullptr && same->run_ended == snapshot->run_ended, "what is written is read");
    Require(storage::EncodeSnapshot(same->state, same->run_ended) ==
                storage::EncodeSnapshot(snapshot->state, snapshot->run_ended),
            "writing what was read changes nothing");
  }

  MemoryFiles files;
  files.Put(kPath, bytes);
  storage::StoreOptions options;
  options.state_file = kPath;
  storage::StateStore store(options, files);
  const auto opened = store.Open();
  if (snapshot == nullptr) {
    Require(!opened.ok(), "what is no state is never taken for an empty one");
    Require(opened.error().reason == core::Reason::kStateDamaged, "it is said to be damaged");
  } else if (opened.ok()) {
    Require(opened->state.records.size() == snapshot->state.records.size(), "no record is lost");
  }
}

}  // namespace

/// A state file, as it is and with a right checksum.
void FuzzStateFile(std::string_view bytes) {
  Check(std::string(bytes));
  Check(Sealed(bytes));
}

}  // namespace migrationd::fuzz

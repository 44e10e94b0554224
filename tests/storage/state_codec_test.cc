#include "daemon/storage/state_codec.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "daemon/storage/json_fields.h"
#include "tests/storage/chronicle.h"

namespace migrationd::storage {
namespace {

/// A state with something in every place.
Snapshot AFullState() {
  Chronicle first(1);
  first.Start();
  first.StartMigration("1.1.0/001_a.py");
  first.EndMigration("1.1.0/001_a.py");
  first.End();
  Chronicle second(2);
  second.Start();
  second.Tell(
      core::MigrationResolved{"1.1.0/002_b.py", core::Resolution::kSkipped, "by \"hand\"\n", "ab"});
  second.StartMigration("1.1.0/003_c.py");
  second.EndMigration("1.1.0/003_c.py", core::Outcome::kFailed);
  second.StartMigration("1.1.0/004_d.py");
  return {FoldOf(second, FoldOf(first)), true, false};
}

std::string Encode(const Snapshot& snapshot) {
  return EncodeSnapshot(snapshot.state, snapshot.run_ended);
}

const BadSnapshot& BadOf(const std::variant<Snapshot, BadSnapshot>& decoded) {
  static const BadSnapshot kFine{false, "it was taken for a state"};
  const auto* bad = std::get_if<BadSnapshot>(&decoded);
  return bad == nullptr ? kFine : *bad;
}

std::string WithoutLine(std::string text, const std::string& what) {
  const std::size_t begin = text.rfind('\n', text.find(what)) + 1;
  return text.erase(begin, text.find('\n', begin) + 1 - begin);
}

TEST(StateFile, ComesBackAsItWas) {
  const Snapshot snapshot = AFullState();
  ASSERT_TRUE(snapshot.state.failure);
  ASSERT_EQ(snapshot.state.in_flight.size(), 1U);
  const auto decoded = DecodeSnapshot(Encode(snapshot));
  ASSERT_TRUE(std::holds_alternative<Snapshot>(decoded)) << BadOf(decoded).why;
  EXPECT_EQ(std::get<Snapshot>(decoded).state, snapshot.state);
  EXPECT_TRUE(std::get<Snapshot>(decoded).run_ended);
}

TEST(StateFile, IsForPeopleToo) {
  const std::string text = Encode(AFullState());
  EXPECT_EQ(text.find("{\n  \"format\": 1,\n  \"checksum\": \"sha256:"), 0U);
  EXPECT_NE(text.find("\"current_version\": \"1.1.0\""), std::string::npos);
  EXPECT_NE(text.find("\"1.1.0/001_a.py\": {\n      \"outcome\": \"applied\""), std::string::npos);
}

TEST(StateFile, AnyFlippedBitIsNoticed) {
  const std::string text = Encode(AFullState());
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(static_cast<unsigned char>(flipped[i]) ^ (1U << bit));
      const auto decoded = DecodeSnapshot(flipped);
      ASSERT_TRUE(std::holds_alternative<BadSnapshot>(decoded))
          << "bit " << bit << " of byte " << i;
      // A digit of the format that has flipped is damage, and must not keep the older generation
      // from use.
      ASSERT_FALSE(BadOf(decoded).newer) << "bit " << bit << " of byte " << i;
    }
  }
}

TEST(StateFile, ItIsLaidOutAsOneTree) {
  for (const Snapshot& snapshot : {AFullState(), Snapshot{}}) {
    const std::string text = Encode(snapshot);
    EXPECT_EQ(Dump(JsonOut::parse(text), 2) + "\n", text);
  }
}

TEST(StateFile, InPiecesItIsTheSameText) {
  Snapshot snapshot = AFullState();
  for (int i = 0; i < 50; ++i) {
    snapshot.state.records["1.0.0/" + std::to_string(100 + i) + "_x.py"] =
        snapshot.state.records.at("1.1.0/001_a.py");
  }
  const std::string whole = Encode(snapshot);
  const std::size_t longest_addition = 500;
  for (const std::size_t bytes :
       {std::size_t{1}, std::size_t{200}, std::size_t{4096}, whole.size()}) {
    std::string text(whole.size(), '\0');
    std::vector<std::uint64_t> offsets;
    const auto write = [&](std::string_view piece, std::uint64_t offset) {
      EXPECT_LT(piece.size(), bytes + longest_addition);
      EXPECT_LE(offset + piece.size(), text.size());
      text.replace(offset, piece.size(), piece);
      offsets.push_back(offset);
      return 0;
    };
    EXPECT_EQ(EncodeSnapshot(snapshot.state, snapshot.run_ended, bytes, write), 0);
    EXPECT_EQ(text, whole);
    EXPECT_EQ(offsets.size() > 1, bytes < whole.size());
    EXPECT_EQ(offsets.back(), 0U) << "before the last piece is there, it has no beginning";
  }
}

TEST(StateFile, NoPieceComesAfterAnError) {
  int pieces = 0;
  const auto fail_second = [&](std::string_view /*piece*/, std::uint64_t /*offset*/) {
    return ++pieces == 2 ? ENOSPC : 0;
  };
  EXPECT_EQ(EncodeSnapshot(AFullState().state, true, 200, fail_second), ENOSPC);
  EXPECT_EQ(pieces, 2);
}

TEST(StateFile, AnyPartOfItIsNoticed) {
  const std::string text = Encode(AFullState());
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto decoded = DecodeSnapshot(text.substr(0, size));
    ASSERT_TRUE(std::holds_alternative<BadSnapshot>(decoded)) << "the first " << size << " bytes";
  }
}

TEST(StateFile, WhatIsNoStateIsNeverTakenForOne) {
  struct Disaster {
    const char* name;
    std::string bytes;
    const char* why;
  };
  const std::string good = Encode(AFullState());
  const Disaster disasters[] = {
      {"empty", "", "it is empty"},
      {"blank", "\n", "not JSON"},
      {"zeros", std::string(4096, '\0'), "not JSON"},
      {"cut in half", good.substr(0, good.size() / 2), "only a part of it"},
      {"twice", good + good, "not JSON"},
      {"a list", "[]", "not an object"},
      {"a list of ids", R"(["1.1.0/001_a.py"])", "not an object"},
      {"null", "null", "not an object"},
      {"an empty object", "{}", "not a state of migrationd"},
      {"somebody else's", R"({"name": "package", "version": "1.0"})", "not a state of migrationd"},
      {"only a format", R"({"format": 1})", "checksum"},
      {"a format of text", R"({"format": "1"})", "checksum"},
      {"edited by hand", std::string(good).replace(good.find("applied"), 7, "skipped"), "checksum"},
      {"without checksum", WithoutLine(good, "checksum"), "checksum"},
      {"legacy and more", R"({"applied": [], "other": 1})", "does not know"},
      {"legacy, no list", R"({"applied": {}})", "not a list"},
      {"legacy, numbers", R"({"applied": [1]})", "names no migration"},
      {"legacy, no version", R"({"applied": ["x/001_a.py"]})", "names no migration"},
      {"a nest", std::string(100'000, '['), "not JSON"},
  };
  for (const Disaster& disaster : disasters) {
    const auto decoded = DecodeSnapshot(disaster.bytes);
    EXPECT_NE(BadOf(decoded).why.find(disaster.why), std::string::npos)
        << disaster.name << ": " << BadOf(decoded).why;
    EXPECT_FALSE(BadOf(decoded).newer) << disaster.name;
  }
}

TEST(StateFile, OneOfANewerMigrationdIsKnownAsSuch) {
  for (const std::string text :
       {"{\"format\": 2}", "{\n  \"format\": 99,\n  \"checksum\": \"other\"\n}\n"}) {
    const auto decoded = DecodeSnapshot(text);
    EXPECT_TRUE(BadOf(decoded).newer);
    EXPECT_NE(BadOf(decoded).why.find("newer migrationd"), std::string::npos);
  }
}

TEST(StateFile, TheOriginalsFormIsRead) {
  const auto decoded =
      DecodeSnapshot(R"({"applied": ["1.1.0/001_x.py", "v1.2/002_y.py", "1.1.0/001_x.py"]})");
  ASSERT_TRUE(std::holds_alternative<Snapshot>(decoded)) << BadOf(decoded).why;
  const auto& snapshot = std::get<Snapshot>(decoded);
  EXPECT_TRUE(snapshot.legacy);
  ASSERT_EQ(snapshot.state.records.size(), 2U);
  EXPECT_EQ(snapshot.state.records.at("1.1.0/001_x.py").outcome, core::Outcome::kApplied);
  EXPECT_TRUE(snapshot.state.records.contains("1.2/002_y.py"));
  EXPECT_FALSE(snapshot.state.current_version);
}

}  // namespace
}  // namespace migrationd::storage

#include <algorithm>
#include <string>
#include <vector>

#include "daemon/script/worker_messages.h"
#include "tests/fuzz/targets.h"

namespace migrationd::fuzz {
namespace {

using script::Message;
using script::MessageReader;

constexpr std::size_t kLimit = 1024;

std::string Repack(const Message& message) {
  const std::vector<std::string_view> fields(message.fields.begin(), message.fields.end());
  return script::Pack(message.kind, fields);
}

/// All messages, packed again, and whether the stream broke.
struct Heard {
  std::vector<std::string> messages;
  bool broken = false;

  bool operator==(const Heard&) const = default;
};

Heard HearInPieces(std::string_view bytes, std::size_t piece) {
  MessageReader reader(kLimit);
  Heard heard;
  while (!bytes.empty()) {
    reader.Feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (const auto message = reader.Next()) {
      heard.messages.push_back(Repack(*message));
      Require(heard.messages.back().size() <= kLimit, "no message is longer than the limit");
      script::NumberField(*message, 0);
      script::RealField(*message, 1);
    }
  }
  heard.broken = reader.broken();
  return heard;
}

}  // namespace

/// A byte that says in what pieces the rest arrives, and a stream of messages.
void FuzzWorkerMessages(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t piece = 1 + static_cast<unsigned char>(bytes.front()) % 32;
  bytes.remove_prefix(1);
  if (const auto message = script::Unpack(bytes)) {
    Require(Repack(*message) == bytes, "a message is the same when it is packed again");
  }
  if (bytes.empty()) return;
  Require(HearInPieces(bytes, piece) == HearInPieces(bytes, bytes.size()),
          "how a stream is cut changes nothing");
}

}  // namespace migrationd::fuzz

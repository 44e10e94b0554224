#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What the daemon, the worker and the worker's spares say to each other.
///
/// A message is a kind (one byte), then fields: each its length (four bytes, little-endian), then
/// its bytes. Numbers are decimal text. Between daemon and worker a message is one packet; between
/// daemon and spare there is a stream, where the message's length (four bytes, little-endian)
/// stands before it. Where numbers are named as such, they follow the kind at once, four bytes
/// each, little-endian: what the worker hears and says for each script is short work.
///
///   daemon -> worker   F numbers: slot, pid*  fork a spare; with its descriptors: control, stdout,
///                                             stderr. Then reap those, which have ended or are
///                                             about to
///                      R number: pid          reap that one, and tell its status
///   worker -> daemon   H version              it works; Python's version
///                      S number: pid          a spare: answers come in the order of requests
///                      N reason               no spare could be forked
///                      X pid, status          a spare's wait status
///   daemon -> spare    K (path, source)*      compile these for others
///                      P path, source, code   get this ready; code as from K, or empty
///                      J purpose, migration, run, from, to [, path, source]
///                                             run this, or what was prepared, up to the end of
///                                             its check(); then wait
///                      C                      go on, and end
///                      I inspection.py, (path, source)*
///   spare -> daemon    G done, total, message progress
///                      R result               "applied", "already applied", "pending"
///                      F phase, message, type, traceback
///                      A (description, time-out, problem)*
///                      K code*                empty: it is better compiled where it runs
namespace migrationd::script {

struct Message {
  char kind = 0;
  std::vector<std::string> fields;
};

/// The message as bytes. The parts may refer to anything; nothing is kept.
std::string Pack(char kind, const std::vector<std::string_view>& fields);

/// Pack() with its length in front, for a stream.
std::string PackForStream(char kind, const std::vector<std::string_view>& fields);

/// A message of numbers, where the worker's messages have them.
std::string PackNumbers(char kind, std::span<const std::uint32_t> numbers);

/// The number of a message of that kind that has one number; nullopt when it is another message.
std::optional<std::uint32_t> UnpackNumber(char kind, std::string_view bytes);

/// Reads a message. nullopt when the bytes are not one.
std::optional<Message> Unpack(std::string_view bytes);

/// Field `index` as a number; nullopt when there is none, or it is something else.
std::optional<std::int64_t> NumberField(const Message& message, std::size_t index);
std::optional<double> RealField(const Message& message, std::size_t index);

/// Takes messages out of a stream. Total: whatever is fed, it never throws and never keeps more
/// than the limit and what was fed last.
class MessageReader {
 public:
  /// `limit`: of a message, in bytes.
  explicit MessageReader(std::size_t limit) : limit_(limit) {}

  void Feed(std::string_view bytes);

  /// The next complete message; nullopt when more must be fed, or the stream is broken.
  std::optional<Message> Next();

  /// Something came that is no message. Nothing after it can be understood.
  bool broken() const { return broken_; }  // NOLINT(readability-identifier-naming)

 private:
  std::size_t limit_;
  std::string pending_;
  std::size_t taken_ = 0;
  bool broken_ = false;
};

}  // namespace migrationd::script

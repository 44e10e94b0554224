#include "daemon/core/utf8.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace migrationd::core {
namespace {

/// What may follow a lead byte: table 3-7 of the Unicode Standard. Only the second byte's range
/// ever differs from 80..BF; that is what shuts out overlong forms, surrogates and what lies above
/// U+10FFFF.
struct Sequence {
  std::uint8_t length = 0;  // 0: not a lead byte.
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xBF;
};

constexpr Sequence SequenceOf(unsigned char lead) {
  if (lead < 0x80) return {1};
  if (lead < 0xC2) return {0};
  if (lead < 0xE0) return {2};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {lead < 0xF4 ? std::uint8_t{4} : std::uint8_t{0}};
}

constexpr std::array<Sequence, 256> MakeSequences() {
  std::array<Sequence, 256> sequences{};
  for (unsigned lead = 0; lead < 256; ++lead) {
    sequences[lead] = SequenceOf(static_cast<unsigned char>(lead));
  }
  return sequences;
}

constexpr std::array<Sequence, 256> kSequences = MakeSequences();

unsigned char ByteAt(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

std::size_t AsciiPrefix(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t length = 0;
  for (std::uint64_t word = 0; length + sizeof word <= text.size(); length += sizeof word) {
    std::memcpy(&word, text.data() + length, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  while (length < text.size() && ByteAt(text, length) < 0x80) ++length;
  return length;
}

/// The length of the well-formed sequence of two bytes or more at the front of `text`; 0 when there
/// is none. FirstUtf8Unit() knows that too, at half the speed, which counts in megabytes of output.
std::size_t WideSequence(std::string_view text) {
  if (text.size() < 2 || ByteAt(text, 0) < 0xC2) return 0;
  const Sequence sequence = kSequences[ByteAt(text, 0)];
  const unsigned char second = ByteAt(text, 1);
  if (sequence.length > text.size()) return 0;
  if (second < sequence.second_low || second > sequence.second_high) return 0;
  if (sequence.length > 2 && (ByteAt(text, 2) & 0xC0U) != 0x80) return 0;
  if (sequence.length > 3 && (ByteAt(text, 3) & 0xC0U) != 0x80) return 0;
  return sequence.length;
}

}  // namespace

Utf8Unit FirstUtf8Unit(std::string_view text) {
  const unsigned char lead = ByteAt(text, 0);
  const Sequence sequence = kSequences[lead];
  if (sequence.length == 0) return {1, std::nullopt};
  if (sequence.length == 1) return {1, lead};
  char32_t code_point = lead & (0x7FU >> sequence.length);
  for (std::size_t i = 1; i < sequence.length; ++i) {
    if (i == text.size()) return {i, std::nullopt};
    const unsigned char byte = ByteAt(text, i);
    const unsigned char low = i == 1 ? sequence.second_low : 0x80;
    const unsigned char high = i == 1 ? sequence.second_high : 0xBF;
    if (byte < low || byte > high) return {i, std::nullopt};
    code_point = code_point << 6 | (byte & 0x3FU);
  }
  return {sequence.length, code_point};
}

std::size_t ValidUtf8Prefix(std::string_view text) {
  std::size_t length = 0;
  while (true) {
    length += AsciiPrefix(text.substr(length));
    std::size_t wide = 0;
    while ((wide = WideSequence(text.substr(length))) != 0) length += wide;
    if (length == text.size() || ByteAt(text, length) >= 0x80) return length;
  }
}

}  // namespace migrationd::core

#include "daemon/script/worker_messages.h"

#include <charconv>
#include <cmath>

namespace migrationd::script {
namespace {

constexpr std::size_t kLengthBytes = 4;

void AppendLength(std::string& out, std::size_t length) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out.push_back(static_cast<char>(length >> shift & 0xFF));
  }
}

/// Requires four bytes.
std::size_t LengthAt(std::string_view bytes) {
  std::size_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) {
    length = length << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return length;
}

void AppendMessage(std::string& out, char kind, const std::vector<std::string_view>& fields) {
  out.push_back(kind);
  for (const std::string_view field : fields) {
    AppendLength(out, field.size());
    out += field;
  }
}

std::size_t SizeOf(const std::vector<std::string_view>& fields) {
  std::size_t size = 1;
  for (const std::string_view field : fields) size += kLengthBytes + field.size();
  return size;
}

template <typename Number>
std::optional<Number> NumberIn(const Message& message, std::size_t index) {
  if (index >= message.fields.size()) return std::nullopt;
  const std::string& field = message.fields[index];
  Number number{};
  const char* end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

}  // namespace

std::string Pack(char kind, const std::vector<std::string_view>& fields) {
  std::string out;
  out.reserve(SizeOf(fields));
  AppendMessage(out, kind, fields);
  return out;
}

std::string PackForStream(char kind, const std::vector<std::string_view>& fields) {
  const std::size_t size = SizeOf(fields);
  std::string out;
  out.reserve(kLengthBytes + size);
  AppendLength(out, size);
  AppendMessage(out, kind, fields);
  return out;
}

std::optional<Message> Unpack(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  Message message{bytes.front(), {}};
  bytes.remove_prefix(1);
  while (!bytes.empty()) {
    if (bytes.size() < kLengthBytes) return std::nullopt;
    const std::size_t length = LengthAt(bytes);
    bytes.remove_prefix(kLengthBytes);
    if (bytes.size() < length) return std::nullopt;
    message.fields.emplace_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return message;
}

std::optional<std::int64_t> NumberField(const Message& message, std::size_t index) {
  return NumberIn<std::int64_t>(message, index);
}

std::optional<double> RealField(const Message& message, std::size_t index) {
  const std::optional<double> number = NumberIn<double>(message, index);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

void MessageReader::Feed(std::string_view bytes) {
  if (broken_) return;
  pending_.erase(0, taken_);
  taken_ = 0;
  pending_ += bytes;
}

std::optional<Message> MessageReader::Next() {
  const std::string_view rest = std::string_view(pending_).substr(taken_);
  if (broken_ || rest.size() < kLengthBytes) return std::nullopt;
  const std::size_t length = LengthAt(rest);
  if (length <= limit_ && rest.size() < kLengthBytes + length) return std::nullopt;
  std::optional<Message> message;
  if (length <= limit_) message = Unpack(rest.substr(kLengthBytes, length));
  if (!message) {
    broken_ = true;
    return std::nullopt;
  }
  taken_ += kLengthBytes + length;
  return message;
}

}  // namespace migrationd::script

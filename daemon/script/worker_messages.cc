#include "daemon/script/worker_messages.h"

#include <charconv>
#include <cmath>

namespace migrationd::script {
namespace {

constexpr std::size_t kNumberBytes = 4;

void AppendNumber(std::string& out, std::size_t number) {
  for (unsigned shift = 0; shift < 32; shift += 8) {
    out.push_back(static_cast<char>(number >> shift & 0xFF));
  }
}

/// Requires four bytes.
std::uint32_t NumberAt(std::string_view bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = kNumberBytes; i-- > 0;) {
    number = number << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

void AppendMessage(std::string& out, char kind, const std::vector<std::string_view>& fields) {
  out.push_back(kind);
  for (const std::string_view field : fields) {
    AppendNumber(out, field.size());
    out += field;
  }
}

std::size_t SizeOf(const std::vector<std::string_view>& fields) {
  std::size_t size = 1;
  for (const std::string_view field : fields) size += kNumberBytes + field.size();
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

std::string PackNumbers(char kind, std::span<const std::uint32_t> numbers) {
  std::string out(1, kind);
  for (const std::uint32_t number : numbers) AppendNumber(out, number);
  return out;
}

std::optional<std::uint32_t> UnpackNumber(char kind, std::string_view bytes) {
  if (bytes.size() != 1 + kNumberBytes || bytes[0] != kind) return std::nullopt;
  return NumberAt(bytes.substr(1));
}

std::string PackForStream(char kind, const std::vector<std::string_view>& fields) {
  const std::size_t size = SizeOf(fields);
  std::string out;
  out.reserve(kNumberBytes + size);
  AppendNumber(out, size);
  AppendMessage(out, kind, fields);
  return out;
}

std::optional<Message> Unpack(std::string_view bytes) {
  if (bytes.empty()) return std::nullopt;
  Message message{bytes.front(), {}};
  bytes.remove_prefix(1);
  while (!bytes.empty()) {
    if (bytes.size() < kNumberBytes) return std::nullopt;
    const std::size_t length = NumberAt(bytes);
    bytes.remove_prefix(kNumberBytes);
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
  if (broken_ || rest.size() < kNumberBytes) return std::nullopt;
  const std::size_t length = NumberAt(rest);
  if (length <= limit_ && rest.size() < kNumberBytes + length) return std::nullopt;
  std::optional<Message> message;
  if (length <= limit_) message = Unpack(rest.substr(kNumberBytes, length));
  if (!message) {
    broken_ = true;
    return std::nullopt;
  }
  taken_ += kNumberBytes + length;
  return message;
}

}  // namespace migrationd::script

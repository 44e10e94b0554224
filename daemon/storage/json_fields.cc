#include "daemon/storage/json_fields.h"

#include <limits>

namespace migrationd::storage {

std::string Dump(const JsonOut& json, int indent) {
  return json.dump(indent, ' ', false, JsonOut::error_handler_t::replace);
}

void Put(JsonOut& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void Put(JsonOut& object, const char* key, std::uint64_t number) {
  if (number != 0) object[key] = number;
}

void Put(JsonOut& object, const char* key, std::optional<int> number) {
  if (number) object[key] = *number;
}

Fields::Fields(const JsonIn& json) : json_(json) {
  if (!json.is_object()) problem_ = "it is not a JSON object";
}

const JsonIn* Fields::Find(const char* key) {
  if (!json_.is_object()) return nullptr;
  const auto found = json_.find(key);
  return found == json_.end() ? nullptr : &*found;
}

void Fields::Fail(std::string_view key, std::string_view what) {
  if (ok()) problem_ = "'" + std::string(key) + "' " + std::string(what);
}

std::string Fields::Text(const char* key) {
  const JsonIn* value = Find(key);
  if (value == nullptr) return {};
  if (const auto* text = value->get_ptr<const std::string*>()) return *text;
  Fail(key, "is not a text");
  return {};
}

std::string Fields::RequiredText(const char* key) {
  if (Find(key) == nullptr) Fail(key, "is missing");
  return Text(key);
}

std::uint64_t Fields::Number(const char* key) {
  const JsonIn* value = Find(key);
  if (value == nullptr) return 0;
  if (value->is_number_unsigned()) return value->get<std::uint64_t>();
  Fail(key, "is not a whole number of at least 0");
  return 0;
}

double Fields::Real(const char* key) {
  const JsonIn* value = Find(key);
  if (value == nullptr) return 0;
  if (value->is_number()) return value->get<double>();
  Fail(key, "is not a number");
  return 0;
}

bool Fields::Flag(const char* key) {
  const JsonIn* value = Find(key);
  if (value == nullptr) return false;
  if (value->is_boolean()) return value->get<bool>();
  Fail(key, "is neither true nor false");
  return false;
}

std::optional<int> Fields::Int(const char* key) {
  const JsonIn* value = Find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_integer()) {
    const auto number = value->get<std::int64_t>();
    if (number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max()) {
      return static_cast<int>(number);
    }
  }
  Fail(key, "is not a whole number of 32 bits");
  return std::nullopt;
}

core::WallTime Fields::Time(const char* key) {
  const std::optional<core::WallTime> time = ParseTime(RequiredText(key));
  if (!time) Fail(key, "is not a time like 2031-05-06T07:08:09.000000Z");
  return time.value_or(core::WallTime{0});
}

const JsonIn* Fields::Object(const char* key) {
  const JsonIn* value = Find(key);
  if (value == nullptr || value->is_null()) return nullptr;
  if (value->is_object()) return value;
  Fail(key, "is not an object");
  return nullptr;
}

}  // namespace migrationd::storage

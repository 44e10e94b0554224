#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/core/event.h"
#include "daemon/storage/rfc3339.h"

namespace migrationd::storage {

/// What is written keeps its order; what is read is a tree, because the ordered form searches its
/// members one by one and 10,000 of them would cost seconds.
using JsonOut = nlohmann::ordered_json;
using JsonIn = nlohmann::json;

/// One line or a whole page of JSON text. Bytes that are not UTF-8 come out as U+FFFD.
std::string Dump(const JsonOut& json, int indent = -1);

/// Adds a member unless it is empty, 0 or absent: that is how it is read when it is not there.
void Put(JsonOut& object, const char* key, const std::string& text);
void Put(JsonOut& object, const char* key, std::uint64_t number);
void Put(JsonOut& object, const char* key, std::optional<int> number);

/// Reads the members of a JSON object and remembers the first one that is not as it must be.
/// Members nobody asks for are ignored.
class Fields {
 public:
  /// `json` must live as long as this.
  explicit Fields(const JsonIn& json);

  /// Absent: the empty value.
  std::string Text(const char* key);
  std::uint64_t Number(const char* key);
  double Real(const char* key);
  bool Flag(const char* key);
  std::optional<int> Int(const char* key);

  /// Absent: a problem.
  std::string RequiredText(const char* key);
  core::WallTime Time(const char* key);
  template <typename Enum>
  Enum Named(const char* key) {
    const std::string name = RequiredText(key);
    const std::optional<Enum> value = core::FromName<Enum>(name);
    if (!value && ok()) Fail(key, "is '" + name + "', which this migrationd does not know");
    return value.value_or(Enum{});
  }
  /// The object in there; nullptr when absent.
  const JsonIn* Object(const char* key);

  void Fail(std::string_view key, std::string_view what);
  [[nodiscard]] bool ok() const { return problem_.empty(); }
  /// "'outcome' is missing".
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  const JsonIn* Find(const char* key);

  const JsonIn& json_;
  std::string problem_;
};

}  // namespace migrationd::storage

#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace telec {

/// The canonical proto3 JSON of `message`, on one line that ends with a line break. Fields that are
/// not set, and those that hold their default, are left out.
std::string ToJsonLine(const google::protobuf::Message& message);

/// {"kind": {"name": "value", …}} as one such line. Empty values are kept.
std::string JsonLine(std::string_view kind,
                     const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace telec

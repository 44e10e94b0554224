#include "client/text/json.h"

#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>

#include "client/text/visible.h"

namespace telec {
namespace {

std::string Quoted(const std::string& value) {
  google::protobuf::StringValue wrapped;
  // Messages of the operating system and of a private daemon may hold any byte.
  wrapped.set_value(IsUtf8(value) ? value : MakeVisible(value, true));
  std::string text;
  (void)google::protobuf::util::MessageToJsonString(wrapped, &text);
  return text;
}

}  // namespace

std::string ToJsonLine(const google::protobuf::Message& message) {
  std::string text;
  // Every message of the API has a JSON form; only Any and out-of-range timestamps do not.
  (void)google::protobuf::util::MessageToJsonString(message, &text);
  return text.append("\n");
}

std::string JsonLine(std::string_view kind,
                     const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string text = "{\"" + std::string(kind) + "\":{";
  std::string_view separator;
  for (const auto& [name, value] : fields) {
    text.append(separator).append("\"").append(name).append("\":").append(Quoted(value));
    separator = ",";
  }
  return text.append("}}\n");
}

}  // namespace telec

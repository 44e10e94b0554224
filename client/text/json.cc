#include "client/text/json.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "client/text/visible.h"

namespace telec {

std::string ToJsonLine(const google::protobuf::Message& message) {
  std::string text;
  // Every message of the API has a JSON form; only Any and out-of-range timestamps do not.
  (void)google::protobuf::util::MessageToJsonString(message, &text);
  return text.append("\n");
}

std::string JsonLine(std::string_view kind,
                     const std::vector<std::pair<std::string, std::string>>& fields) {
  google::protobuf::Struct outer;
  google::protobuf::Struct& inner =
      *(*outer.mutable_fields())[std::string(kind)].mutable_struct_value();
  for (const auto& [name, value] : fields) {
    // Messages of the operating system and of a private daemon may hold any byte.
    (*inner.mutable_fields())[name].set_string_value(IsUtf8(value) ? value
                                                                   : MakeVisible(value, true));
  }
  return ToJsonLine(outer);
}

}  // namespace telec

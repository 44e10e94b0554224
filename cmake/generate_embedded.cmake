# Run by embed_text at build time: writes OUTPUT.h and OUTPUT.cc from INPUT.

cmake_path(GET INPUT FILENAME file_name)
cmake_path(GET OUTPUT FILENAME header)
file(READ "${INPUT}" text)

set(delimiter "embedded")
if(text MATCHES "\\)${delimiter}\"")
  message(FATAL_ERROR "${INPUT} contains )${delimiter}\", which ends the literal it is embedded in")
endif()

file(WRITE "${OUTPUT}.h"
"// Generated from ${file_name}.
#pragma once

#include <string_view>

namespace ${NAMESPACE} {

// The text of ${file_name}, byte for byte. Never destroyed.
extern const std::string_view ${SYMBOL};

}  // namespace ${NAMESPACE}
")

file(WRITE "${OUTPUT}.cc"
"#include \"${header}.h\"

namespace ${NAMESPACE} {

constinit const std::string_view ${SYMBOL} = R\"${delimiter}(${text})${delimiter}\";

}  // namespace ${NAMESPACE}
")

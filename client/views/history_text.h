#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <string>

#include "client/api.h"
#include "client/text/style.h"

namespace telec {

/// One line for each run, in the order given.
std::string HistoryText(const google::protobuf::RepeatedPtrField<api::RunSummary>& runs,
                        const Style& style);

}  // namespace telec

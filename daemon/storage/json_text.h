#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace migrationd::storage {

/// JSON strings without a tree of JSON: what a script prints is long, and all of it goes through
/// here on its way to the disk and, to a watcher that lags, back.

/// Adds `text` with its quotes, as Dump writes it. Bytes that are not UTF-8 come out as U+FFFD.
void AppendJsonText(std::string& json, std::string_view text);

/// The text of a JSON string that AppendJsonText or Dump wrote, given without its quotes. Nothing
/// when it holds what those do not write, though JSON may allow it.
std::optional<std::string> ReadJsonText(std::string_view written);

/// Where a JSON string that begins at `begin`, behind its opening quote, has its closing quote;
/// npos when it has none.
std::size_t EndOfJsonText(std::string_view json, std::size_t begin);

}  // namespace migrationd::storage

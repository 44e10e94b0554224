#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace migrationd::storage {

/// SHA-256 of the parts one after the other (FIPS 180-4), 64 lower-case hex digits.
std::string Sha256Hex(std::initializer_list<std::string_view> parts);

/// CRC-32 of `bytes` as zlib, gzip and PNG have it, 8 lower-case hex digits.
std::string Crc32Hex(std::string_view bytes);

}  // namespace migrationd::storage

#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace migrationd::storage {

/// The bytes of a SHA-256.
using Digest = std::array<unsigned char, 32>;

/// 64 lower-case hex digits.
std::string HexOf(const Digest& digest);

/// SHA-256 (FIPS 180-4) of bytes that come bit by bit.
class Sha256 {
 public:
  Sha256();

  void Add(std::string_view bytes);
  /// Of all that was added. The last call.
  Digest End();

 private:
  struct Release {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Release> context_;  ///< OpenSSL's EVP_MD_CTX.
};

Digest Sha256Of(std::string_view bytes);

/// SHA-256 of the parts one after the other, 64 lower-case hex digits.
std::string Sha256Hex(std::initializer_list<std::string_view> parts);

/// CRC-32 of `bytes` as zlib, gzip and PNG have it, 8 lower-case hex digits.
std::string Crc32Hex(std::string_view bytes);

}  // namespace migrationd::storage

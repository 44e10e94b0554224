#include "daemon/storage/digest.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <array>
#include <memory>
#include <new>
#include <span>

namespace migrationd::storage {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

std::string Hex(std::span<const unsigned char> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

struct ContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

std::string Sha256Hex(std::initializer_list<std::string_view> parts) {
  const std::unique_ptr<EVP_MD_CTX, ContextDeleter> context(EVP_MD_CTX_new());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  // OpenSSL fails here only without memory.
  bool ok = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  for (const std::string_view part : parts) {
    ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  ok = ok && EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1;
  if (!ok) throw std::bad_alloc();
  return Hex(std::span(digest).first(size));
}

std::string Crc32Hex(std::string_view bytes) {
  const uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  std::array<unsigned char, 4> big_endian{};
  for (std::size_t i = 0; i < big_endian.size(); ++i) {
    big_endian[i] = static_cast<unsigned char>((crc >> (24 - 8 * i)) & 0xFFU);
  }
  return Hex(big_endian);
}

}  // namespace migrationd::storage

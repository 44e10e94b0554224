#include "daemon/storage/digest.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <array>
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

EVP_MD_CTX* ContextOf(void* context) { return static_cast<EVP_MD_CTX*>(context); }

/// OpenSSL fails here only without memory.
void Demand(bool worked) {
  if (!worked) throw std::bad_alloc();
}

}  // namespace

std::string HexOf(const Digest& digest) { return Hex(digest); }

void Sha256::Release::operator()(void* context) const { EVP_MD_CTX_free(ContextOf(context)); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  Demand(context_ && EVP_DigestInit_ex(ContextOf(context_.get()), EVP_sha256(), nullptr) == 1);
}

void Sha256::Add(std::string_view bytes) {
  Demand(EVP_DigestUpdate(ContextOf(context_.get()), bytes.data(), bytes.size()) == 1);
}

Digest Sha256::End() {
  Digest digest{};
  Demand(EVP_DigestFinal_ex(ContextOf(context_.get()), digest.data(), nullptr) == 1);
  return digest;
}

Digest Sha256Of(std::string_view bytes) {
  Sha256 sha256;
  sha256.Add(bytes);
  return sha256.End();
}

std::string Sha256Hex(std::initializer_list<std::string_view> parts) {
  Sha256 sha256;
  for (const std::string_view part : parts) sha256.Add(part);
  return HexOf(sha256.End());
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

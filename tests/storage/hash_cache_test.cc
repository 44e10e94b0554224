#include "daemon/storage/hash_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <string>

#include "daemon/storage/digest.h"
#include "tests/storage/temp_directory.h"

namespace migrationd::storage {
namespace {

/// Who gets an answer for it was not read to.
constexpr const char* kNoFile = "/nowhere/at/all";
/// A file that has not changed lately.
constexpr const char* kOldFile = "/etc/passwd";

struct stat StatusOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(stat(path.c_str(), &status), 0);
  return status;
}

class HashCacheTest : public testing::Test {
 protected:
  HashCache::Hashed Ask(const char* name, const struct stat& status) {
    return cache_.HashOf(AT_FDCWD, name, status);
  }

  HashCache cache_{std::size_t{1} << 20U};
  const struct stat old_ = StatusOf(kOldFile);
};

TEST_F(HashCacheTest, AFileThatHasNotChangedIsNotReadAgain) {
  const std::string sha256 = Ask(kOldFile, old_).sha256;
  EXPECT_EQ(sha256, Sha256Hex({ReadScriptBytes(AT_FDCWD, kOldFile, 1U << 20U).bytes}));
  for (int i = 0; i < 3; ++i) {
    cache_.Sweep();
    EXPECT_EQ(Ask(kNoFile, old_).sha256, sha256);
    EXPECT_EQ(Ask(kNoFile, old_).sha256, sha256) << "a second name of it";
  }
}

TEST_F(HashCacheTest, WithOtherTimesItIsAnotherFile) {
  Ask(kOldFile, old_);
  cache_.Sweep();
  struct stat touched = old_;
  ++touched.st_mtim.tv_nsec;
  EXPECT_NE(Ask(kNoFile, touched).problem, "");
  EXPECT_EQ(Ask(kNoFile, old_).problem, "");
}

TEST_F(HashCacheTest, WhatWasNotAskedForIsForgotten) {
  Ask(kOldFile, old_);
  cache_.Sweep();
  cache_.Sweep();
  EXPECT_NE(Ask(kNoFile, old_).problem, "");
}

TEST_F(HashCacheTest, AFileThatHasJustChangedIsReadAgain) {
  const TempDirectory directory;
  WriteText(directory / "new.py", "new");
  const struct stat status = StatusOf(directory / "new.py");
  EXPECT_EQ(Ask((directory / "new.py").c_str(), status).sha256, Sha256Hex({"new"}));
  cache_.Sweep();
  EXPECT_NE(Ask(kNoFile, status).problem, "");
}

}  // namespace
}  // namespace migrationd::storage

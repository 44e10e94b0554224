#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace migrationd::support {

/// A fresh directory, mode 0700, with a path short enough for sockets; removed with everything in
/// it at the end.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// The path of `name` in it.
  std::string operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Makes the folders above `path` as needed. Throws std::runtime_error on failure, as both do.
void WriteFile(const std::filesystem::path& path, std::string_view content);
std::string ReadFile(const std::filesystem::path& path);

}  // namespace migrationd::support

#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace migrationd::host {

struct Group {
  std::string name;
  gid_t id = 0;
};

/// Groups of this host that are neither root's nor this process's; at least two on any Linux.
std::vector<Group> OtherGroups();

/// Nobody, in the sense of the kernel: a user without rights.
inline constexpr uid_t kStranger = 65533;

/// A child that is user kStranger with these groups, connects to `socket` and stays until the other
/// end closes. Requires root.
class Stranger {
 public:
  Stranger(const std::string& socket, gid_t group, const std::vector<gid_t>& more = {});
  /// Ends it if it has not ended.
  ~Stranger();
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  pid_t pid() const { return pid_; }
  /// Waits for its end: whether it could connect and saw the other end close without a byte.
  bool SawTheEnd();

 private:
  pid_t pid_ = -1;
};

}  // namespace migrationd::host

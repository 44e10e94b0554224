#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "daemon/core/event.h"
#include "daemon/core/result.h"

namespace migrationd::host {

/// What the kernel says of the process at the other end of a Unix socket: SO_PEERCRED and
/// SO_PEERGROUPS (unix(7)), taken when it connected.
struct Peer {
  core::Requester who;
  std::vector<gid_t> groups;  ///< Primary and supplementary.
};

/// Nothing when the kernel does not say.
std::optional<Peer> PeerOf(int fd);

enum class Access { kOperator, kViewer, kNone };

/// Who may connect, and as what: root, the daemon's own user and the operator group may do
/// everything, the viewer group may ask, nobody else gets in.
class AccessPolicy {
 public:
  /// Groups by name; empty: none. Error (kConfigInvalid): a group that this host does not have.
  static core::Result<AccessPolicy> Make(const std::string& operator_group,
                                         const std::string& viewer_group);

  Access Judge(const Peer& peer) const;

 private:
  uid_t own_uid_ = 0;
  std::optional<gid_t> operators_;
  std::optional<gid_t> viewers_;
};

}  // namespace migrationd::host

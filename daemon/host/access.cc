#include "daemon/host/access.h"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <climits>

namespace migrationd::host {
namespace {

constexpr std::size_t kNameBuffer = 16384;

std::string UserName(uid_t uid) {
  std::vector<char> buffer(kNameBuffer);
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return "";
  return found->pw_name;
}

core::Result<std::optional<gid_t>> GroupNamed(const std::string& name, const char* key) {
  if (name.empty()) return std::optional<gid_t>();
  std::vector<char> buffer(kNameBuffer);
  group entry{};
  group* found = nullptr;
  if (getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found) != 0 ||
      found == nullptr) {
    return core::Error{
        core::Reason::kConfigInvalid,
        std::string("`daemon.") + key + "` is '" + name + "', and this host has no such group",
        "Make the group, or name one that exists."};
  }
  return std::optional<gid_t>(found->gr_gid);
}

bool IsIn(const Peer& peer, std::optional<gid_t> wanted) {
  return wanted && std::find(peer.groups.begin(), peer.groups.end(), *wanted) != peer.groups.end();
}

}  // namespace

std::optional<Peer> PeerOf(int fd) {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  Peer peer;
  peer.who = core::Requester{credentials.uid, static_cast<std::uint32_t>(credentials.pid),
                             UserName(credentials.uid)};
  peer.groups.resize(NGROUPS_MAX);
  size = static_cast<socklen_t>(peer.groups.size() * sizeof(gid_t));
  if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, peer.groups.data(), &size) != 0) size = 0;
  peer.groups.resize(size / sizeof(gid_t));
  peer.groups.push_back(credentials.gid);
  return peer;
}

core::Result<AccessPolicy> AccessPolicy::Make(const std::string& operator_group,
                                              const std::string& viewer_group) {
  AccessPolicy policy;
  policy.own_uid_ = geteuid();
  auto operators = GroupNamed(operator_group, "operator_group");
  if (!operators) return operators.error();
  auto viewers = GroupNamed(viewer_group, "viewer_group");
  if (!viewers) return viewers.error();
  policy.operators_ = *operators;
  policy.viewers_ = *viewers;
  return policy;
}

Access AccessPolicy::Judge(const Peer& peer) const {
  if (peer.who.uid == 0 || peer.who.uid == own_uid_ || IsIn(peer, operators_))
    return Access::kOperator;
  if (IsIn(peer, viewers_)) return Access::kViewer;
  return Access::kNone;
}

}  // namespace migrationd::host

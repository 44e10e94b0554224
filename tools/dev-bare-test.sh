#!/bin/sh
# bare-test [run|test]: the committed tree on a bare Debian 12, where ./dev COMMAND must pass alone
. tools/lib.sh

command=${1:-run}
need bare-test
[ "$(id -u)" -eq 0 ] || die "bare-test makes a root file system: run it as root"

root=$(mktemp -d -p "${TMPDIR:-/var/tmp}" migrationd-bare.XXXXXX)
# --one-file-system: should a mount be left, what is behind it stays.
trap 'rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT TERM

# This machine's mirrors and what apt needs to reach them, but none of its other repositories.
sources=
for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
  if grep -qs 'bookworm' "$file"; then
    sources="$sources $file"
  fi
done
apt_settings=$(mktemp)
apt-config dump | grep -E '^Acquire::(Check-|https?::|Retries)' >"$apt_settings" || true
echo 'APT::Install-Recommends "false";' >>"$apt_settings"

say "making a bare Debian 12 in $root"
# shellcheck disable=SC2086  # the sources are words
mmdebstrap --quiet --variant=minbase --aptopt="$apt_settings" bookworm "$root" $sources
rm -f "$apt_settings"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
  mkdir -p "$root/etc/ssl/certs"
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
fi

mkdir "$root/src"
git archive HEAD | tar -x -C "$root/src"

# Mounts and processes of its own: whatever happens in there is gone with it.
say "running ./dev $command in it"
begin=$(date +%s)
status=0
# shellcheck disable=SC2016  # expanded by the inner shell
unshare --mount --pid --fork sh -c '
  set -eu
  mount --rbind /dev "$1/dev"
  mount -t proc proc "$1/proc"
  mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    chroot "$1" /src/dev "$2"' sh "$root" "$command" || status=$?
say "./dev $command on a bare Debian 12: exit status $status after $(($(date +%s) - begin)) s"
exit "$status"

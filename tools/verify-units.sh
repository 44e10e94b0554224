#!/bin/sh
# usage: verify-units.sh PROGRAM: systemd-analyze verify over systemd/, with PROGRAM in the place of
# the installed daemon, which need not be there. Silence is success.
set -eu
program=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# verify SCOPE FOLDER: all units of FOLDER together, since they name each other.
verify() {
  mkdir "$work/$1"
  for unit in "$2"/*.service "$2"/*.socket; do
    sed "s|/usr/bin/migrationd|$program|" "$unit" >"$work/$1/${unit##*/}"
  done
  # An exit status of 0 does not mean that it had nothing to say.
  said=$(XDG_RUNTIME_DIR=$work systemd-analyze "--$1" verify "$work/$1"/* 2>&1) || said="$said (failed)"
  if [ -n "$said" ]; then
    printf '%s\n' "$said"
    return 1
  fi
}

verify system systemd
verify user systemd/user

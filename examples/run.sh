#!/bin/sh
# Takes a fresh copy of the example installation from v1.0 to v1.4 and verifies it.
# Usage: run.sh BIN_DIR, the directory of telec and migrationd. Exits 0 only if all is right.
set -eu
umask 022

if [ $# -ne 1 ] || [ ! -x "$1/telec" ] || [ ! -x "$1/migrationd" ]; then
  echo "usage: $0 BIN_DIR (a directory that holds telec and migrationd)" >&2
  exit 64
fi
bin=$(cd "$1" && pwd)
inkwell=$(cd "$(dirname "$0")/inkwell" && pwd)
work=$(dirname "$bin")/example

# A copy that belongs to whoever runs this, as a deployed catalogue belongs to who deploys it: as
# root, migrationd refuses scripts that another user could change.
rm -rf "$work"
mkdir -p "$work"
cp -R "$inkwell/migrations" "$work/migrations"
export INKWELL_HOME="$work/installation"

say() { printf '\n=== %s\n' "$*"; }

telec_migrate() {
  verb=$1
  shift
  # shellcheck disable=SC2086  # no verb is no word
  "$bin/telec" migrate $verb --local --config "$inkwell/migrationd.toml" \
    --migrations "$work/migrations" --state "$work/migration_state.json" "$@"
}

fail() {
  echo "$0: $*; see $work" >&2
  exit 1
}

say "A fresh installation"
/usr/bin/python3 -B "$inkwell/make_installation.py" "$INKWELL_HOME"

say "telec migrate --dry-run: what would be done"
telec_migrate "" --dry-run || fail "the dry run failed"

say "telec migrate: doing it"
telec_migrate "" || fail "the migration failed"

say "telec migrate, once more: nothing to do"
telec_migrate "" || fail "the second run failed"
telec_migrate "" --dry-run --detailed-exitcode >/dev/null || fail "there is still something to do"

say "telec migrate status"
telec_migrate status || fail "asking for the status failed"

say "The installation, looked at file by file and row by row"
/usr/bin/python3 -B "$inkwell/verify_installation.py" "$INKWELL_HOME"

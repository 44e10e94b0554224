#!/bin/sh
# museum [NAME...]: bring back each bug of tests/museum in a copy of the tree, demand that its test fails
. tools/lib.sh

# field PATCH NAME: what the patch's header says under NAME.
field() {
  sed -n "s/^$2: //p" "$1"
}

if [ $# -eq 0 ]; then
  # shellcheck disable=SC2046  # names of patches contain no blanks
  set -- $(cd tests/museum && ls -- *.patch)
fi
need build run test
command -v git >/dev/null || need bare-test

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
tar -c --exclude='./build*' --exclude=./node_modules --exclude=./.git . | tar -x -C "$copy"
patches=$PWD/tests/museum
# Objects that no patch touches come from the cache, though the copy lies elsewhere.
export CCACHE_BASEDIR="$copy" CCACHE_NOHASHDIR=1
cd "$copy"
say "building the copy"
cmake --preset release >configure.log 2>&1 || {
  cat configure.log >&2
  die "CMake could not configure the copy"
}

# try PATCH: builds what the patch names, and runs its test; its exit status.
try() {
  # shellcheck disable=SC2046  # target names contain no blanks
  ninja -C build --quiet $(field "$1" Build) || die "${1##*/}: does not build"
  # The words of a command; a filter's asterisks are not for the shell.
  (set -f && cd build/bin && sh -c "set -f; exec timeout 900 ./$(field "$1" Run)") >test.log 2>&1
}

missed=0
for name in "$@"; do
  patch=$patches/${name%.patch}.patch
  # A test that fails anyway would catch anything.
  try "$patch" || {
    tail -n 20 test.log
    die "$name: its test fails without the bug, too"
  }
  git apply "$patch" || die "$name: does not apply any more"
  if try "$patch"; then
    echo "$name: NOT NOTICED by $(field "$patch" Run)"
    missed=$((missed + 1))
  else
    echo "$name ($(field "$patch" Kind)): noticed"
  fi
  git apply --reverse "$patch"
done
echo "museum: $(($# - missed)) of $# bugs noticed"
[ "$missed" -eq 0 ]

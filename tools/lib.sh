# What the commands of ./dev share; sourced by them, with the project's root as working directory.
# shellcheck shell=sh
set -eu

say() {
  printf '%s\n' "== $*"
}

die() {
  printf '%s\n' "dev: $*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "installing packages needs root: run ./dev setup as root, or install sudo"
  fi
}

# packages SECTION...: the packages of these sections of packages.txt.
packages() {
  for section in "$@"; do
    sed -n "/^\[$section\]\$/,/^\[/{/^[a-z0-9]/p;}" packages.txt
  done
}

# need SECTION...: installs what is missing of these sections; quick when nothing is.
need() {
  # shellcheck disable=SC2046  # package names contain no blanks
  set -- $(packages "$@")
  installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "$@" 2>/dev/null || true) "
  missing=
  for package in "$@"; do
    case $installed in
      *" installed=$package "*) ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0

  command -v apt-get >/dev/null ||
    die "needed and not found:$missing. Only Debian's apt-get can be asked for them here"
  say "installing$missing"
  apt_options="-o DPkg::Lock::Timeout=300 -o Acquire::Retries=3"
  # shellcheck disable=SC2086
  as_root apt-get $apt_options -qq update
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get $apt_options -qq install -y --no-install-recommends $missing >/dev/null
}

# need_npm_packages: node_modules as package-lock.json says.
need_npm_packages() {
  if cmp -s package-lock.json node_modules/.installed-lock.json; then
    return 0
  fi
  command -v npm >/dev/null || need npm
  say "installing buf"
  npm ci --silent --no-audit --no-fund
  cp package-lock.json node_modules/.installed-lock.json
}

# build_dir PRESET: where CMakePresets.json puts it.
build_dir() {
  case $1 in
    release) echo build ;;
    dev | asan | tsan | fuzz) echo "build-$1" ;;
    *) die "there is no preset \"$1\": release, dev, asan, tsan, fuzz" ;;
  esac
}

# build PRESET [TARGET...]: configures if need be and builds; without a target, all of it.
build() {
  preset=$1
  shift
  dir=$(build_dir "$preset")
  need build run
  if [ ! -f "$dir/build.ninja" ]; then
    say "configuring $dir"
    cmake --preset "$preset" >"$dir.log" 2>&1 || {
      cat "$dir.log" >&2
      die "CMake could not configure the preset \"$preset\""
    }
    rm -f "$dir.log"
  fi
  say "building $dir"
  if [ $# -eq 0 ]; then
    set -- all
  fi
  ninja -C "$dir" --quiet "$@"
}

# own_files NAME-PATTERN...: our own files whose names match, one a line; no build, no downloads.
own_files() {
  for pattern in "$@"; do
    find . \( -path './build*' -o -path ./node_modules -o -path ./.git \) -prune \
      -o -type f -name "$pattern" -print
  done | sort
}

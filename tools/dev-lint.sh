#!/bin/sh
# lint: format, clang-tidy, the API, units, shell and Python
. tools/lib.sh

need build run test lint
need_npm_packages
# Warnings are errors, so building is a part of linting; clang-tidy reads the generated headers.
build release

findings=$(mktemp)
trap 'rm -f "$findings"' EXIT

# check NAME COMMAND...: what COMMAND prints when it fails is a finding.
check() {
  name=$1
  shift
  say "$name"
  "$@" >"$findings.one" 2>&1 || {
    cat "$findings.one"
    printf '%s\n' "$name" >>"$findings"
  }
  rm -f "$findings.one"
}

format_is_kept() {
  own_files '*.h' '*.cc' | xargs -r clang-format --dry-run -Werror
}

shell_scripts() {
  own_files '*.sh'
  grep -lE '^#!/bin/(ba|da)?sh' dev .ci/run
}

shell_is_clean() {
  shell_scripts | xargs shellcheck --external-sources
}

check "clang-format" format_is_kept
check "clang-tidy" sh tools/tidy.sh build
check "buf lint" node_modules/.bin/buf lint
check "systemd units" sh tools/verify-units.sh build/bin/migrationd
check "shellcheck" shell_is_clean
check "python" python3 tools/check_python.py .

if [ -s "$findings" ]; then
  echo "lint: findings in: $(paste -s -d , "$findings")"
  exit 1
fi
echo "lint: clean"

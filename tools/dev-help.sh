#!/bin/sh
# help: this list
. tools/lib.sh

echo "./dev COMMAND, each does first what it needs:"
echo
for script in tools/dev-*.sh; do
  sed -n '2s/^# //p' "$script" | sed 's/^\([^:]*\): /\1\t/'
done | expand -t 44 | sed 's/^/  /'

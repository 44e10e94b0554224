#!/bin/sh
# format: rewrite the C++ sources as .clang-format says
. tools/lib.sh

need lint
own_files '*.h' '*.cc' | xargs -r clang-format -i

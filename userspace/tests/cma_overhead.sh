#!/bin/sh
# SPDX-License-Identifier: MIT
# What an allocation pays for being recorded, in a guest whose time is its instructions (--icount), so
# that the figures do not depend on this machine. Speaks TAP.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tap.sh
. "$here/tap.sh"

[ -n "$(find /dev/dma_heap -type c ! -name system 2>/dev/null)" ] || { echo "1..0 # SKIP no heap of a CMA area"; exit 77; }
"$here/../../bench/record_overhead" 2 300 65536 1048576 >"$work/json"
sed 's/^/# /' "$work/json"
for bytes in 65536 1048576; do
	line=$(grep "\"bytes\": $bytes," "$work/json")
	ratio=$(echo "$line" | sed 's/.*"ratio": \([0-9.]*\).*/\1/')
	expect "$bytes bytes: under 2 % of the latency" "$(awk -v r="$ratio" 'BEGIN { print (r > 0.9 && r < 1.02) }')" = 1
done
finish

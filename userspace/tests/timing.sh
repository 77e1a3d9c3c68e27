#!/bin/sh
# SPDX-License-Identifier: MIT
# In a guest with a deterministic clock (scripts/vm --icount), where a busy host does not count: no
# vblank is missed when rendering fits, and a third buffer keeps up where two do not. Speaks TAP.
set -eu
# shellcheck source=tap.sh
. "$(dirname "$0")/tap.sh"

[ -e /dev/dri/card0 ] || { echo "1..0 # SKIP no /dev/dri/card0"; exit 77; }

for mode in 640x480 1280x720 1920x1080; do
	flip --mode "$mode@60" --seconds 5 --export
	expect "$mode: exit status" "$status" = 0
	expect "$mode: missed vblanks" "$(value missed_vblanks)" = 0
	expect "$mode: torn, repeated, lost" "$(value torn) $(value repeated) $(value lost)" = "0 0 0"
	expect "$mode: late events, unseen refreshes" "$(value early) $(value unseen)" = "0 0"
done

# Rendering takes a little more than a refresh (17 ms of 16.7): with two buffers it misses every other
# vblank, because it cannot begin before the flip; with three it is only as slow as it is.
flip --mode 1280x720 --seconds 3 --render-ms 17 --buffers 2
two=$(value missed_vblanks)
flip --mode 1280x720 --seconds 3 --render-ms 17 --buffers 3
three=$(value missed_vblanks)
echo "# missed with 17 ms of rendering: 2 buffers $two, 3 buffers $three"
expect "two buffers halve the rate" "$two" -ge 80
expect "three buffers miss less than half as many" "$((three * 2))" -lt "$two"
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# Frame numbers, vblank counts and fence sequence numbers wrap under a client that flips, and nobody
# notices. In a guest with a deterministic clock, with a device that has first-frame=4294967000 and
# without its driver. Speaks TAP.
set -eu
# shellcheck source=tap.sh
. "$(dirname "$0")/tap.sh"

tracing=/sys/kernel/tracing
seconds=20	# the wrap is 296 frames after a mode is set
# The console's frames go first, and the modesets.
vdc-load first_count=4294966700
while [ ! -e /dev/dri/card0 ]; do sleep 0.1; done
card=/sys/kernel/debug/dri/0

# seen FIELD EVENT: all values in the trace.
seen() { sed -n "s/.* $2.*[ ,]$1=\([0-9]*\).*/\1/p" "$work/trace"; }

# wrapped DESCRIPTION FIELD EVENT: the last before the wrap was seen, and the first after it.
wrapped() {
	seen "$2" "$3" >"$work/seen"
	expect "$1 wrapped" "$(grep -cx '4294967295\|0' "$work/seen")" = 2
}

echo 16384 >$tracing/buffer_size_kb
echo 1 >$tracing/events/drm/drm_vblank_event_delivered/enable
echo 1 >$tracing/events/dma_fence/dma_fence_init/enable
vdc-flip --quiet --json "$work/json" --mode 640x480@60 --seconds $seconds >"$work/log" 2>&1 &
flip=$!
sleep $((seconds - 3))
cat $card/registers >"$work/registers"
status=0
wait $flip || status=$?
cat $tracing/trace >"$work/trace"

expect "exit status" "$status" = 0
expect "torn, repeated, lost" "$(value torn) $(value repeated) $(value lost)" = "0 0 0"
expect "late events, out of order, unseen" "$(value early) $(value disordered) $(value unseen)" = "0 0 0"
expect "missed vblanks" "$(value missed_vblanks)" = 0
expect "flips" "$(value frames)" -ge $((seconds * 60 - 60))
expect "every flip was checked" "$(value checked)" = "$(value frames)"
report "the controller's frame count wrapped" \
	"$(grep -q 'PIPE0_FRAME_HI 00000001' "$work/registers" && echo 0 || echo 1)" "$work/registers"
wrapped "vblank counts of flips" seq 'drm_vblank_event_delivered:'
wrapped "fences of flips" seqno 'dma_fence_init: driver=vdc '
rmmod vdc
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# vdc-flip and vdc-grab in a guest with the driver loaded: pictures, verdicts, and every way a run
# can end. Speaks TAP.
set -eu
# shellcheck source=tap.sh
. "$(dirname "$0")/tap.sh"

card=/dev/dri/card0
[ -e "$card" ] || { echo "1..0 # SKIP no $card"; exit 77; }
device=$(readlink -f /sys/class/drm/card0/device)
debug=/sys/kernel/debug/dri/0

# The state of what is shown, without what changes by itself.
shown() { grep -E '^(plane|crtc|connector)|fb=|enable=|active=|mode:|crtc=|crtc-pos|src-pos' "$debug/state"; }

# order FAULT COUNT: misbehaviour, again and again for some seconds.
order() {
	for _ in 1 2 3 4 5; do
		sleep 1
		echo "$2" >"$debug/faults/$1"
	done
}

# flipping: wait until vdc-flip shows its buffers, a minute at most, and let it flip for a second.
flipping() {
	for _ in $(seq 300); do
		! grep -q 'allocated by = vdc-flip' "$debug/state" || break
		sleep 0.2
	done
	sleep 1
}

# returned NAME: all CMA memory came back, but for what the kernel borrows meanwhile; the smallest
# buffer here has 1200 kB.
returned() {
	expect "$1: CMA memory is back" "$(value after)" -ge "$(($(value before) - 256))"
}

# intact NAME: the last run saw frames, verified them, and found nothing wrong.
intact() {
	expect "$1: exit status" "$status" = 0
	expect "$1: verified" "$(value verified)" = true
	expect "$1: torn, repeated, lost, disordered" \
		"$(value torn) $(value repeated) $(value lost) $(value disordered)" = "0 0 0 0"
	expect "$1: frames" "$(value frames)" -ge 30
	expect "$1: refreshes checked" "$(value checked)" -ge 30
	returned "$1"
}

shown >"$work/before"
for buffers in 3 2; do
	flip --mode 1280x720 --frames 60 --buffers $buffers
	intact "$buffers buffers"
done
for mode in 800x600 1920x1080; do
	flip --mode "$mode@60" --frames 40 --export
	intact "exported, $mode"
	expect "exported, $mode: in JSON" "$(value exported) $(value width)x$(value height)" = "true $mode"
done
flip --mode 1280x720 --frames 30 --buffers 2 --render-ms 25 --export
intact "a slow renderer"
expect "a slow renderer: vblanks are missed" "$(value missed_vblanks)" -ge 20

flip --mode 1280x720 --frames 60 --buffers 1
expect "one buffer: exit status" $status = 1
expect "one buffer: tears" "$(value torn)" -ge 30
expect "one buffer: result" "$(value result)" = fail

shown >"$work/after"
report "the state of before is restored" "$(cmp -s "$work/before" "$work/after" && echo 0 || echo 1)" "$work/after"

# Who maps what: the display must not see a pixel, the renderer must not have the card.
vdc-flip --quiet --json "$work/json" --mode 640x480 --seconds 0 --export >"$work/log" 2>&1 &
display=$!
flipping
renderer=$(pgrep -P $display)
expect "the display process maps no buffer" "$(grep -c -e /dev/dri -e dmabuf "/proc/$display/maps")" = 0
expect "the renderer maps three DMA-BUFs" "$(grep -c dmabuf "/proc/$renderer/maps")" = 3
expect "the renderer has no card" "$(find "/proc/$renderer/fd" -lname '/dev/dri/*' | wc -l)" = 0

# While it runs, it is master.
status=0
vdc-grab --output "$work/x.png" >"$work/log" 2>&1 || status=$?
expect "grabbing another's screen: exit status" $status = 3
report "grabbing another's screen: says whose" "$(grep -q "master is vdc-flip (pid $display)" "$work/log" && echo 0 || echo 1)" "$work/log"
expect "grabbing another's screen: no file" ! -e "$work/x.png"

kill -INT $display
status=0
wait $display || status=$?
expect "interrupted: exit status" $status = 0
expect "interrupted: the summary says so" "$(value ended_by) $(value result)" = "signal pass"

vdc-flip --quiet --json "$work/json" --mode 640x480 --seconds 0 --export >"$work/log" 2>&1 &
display=$!
flipping
renderer=$(pgrep -P $display)
kill -KILL "$renderer"
status=0
wait $display || status=$?
expect "renderer killed: exit status" $status = 3
expect "renderer killed: the summary says so" "$(value ended_by) $(value result)" = "renderer aborted"
returned "renderer killed"
report "renderer killed: says by what" "$(grep -q 'killed by signal 9' "$work/log" && echo 0 || echo 1)" "$work/log"

# Unplugged, as far as the kernel can be told from inside.
(flipping; echo off >/sys/class/drm/card0-HDMI-A-1/status) &
flip --connector HDMI-A-1 --mode 640x480 --seconds 20
echo detect >/sys/class/drm/card0-HDMI-A-1/status
expect "display unplugged: exit status" $status = 3
expect "display unplugged: the summary says so" "$(value ended_by)" = unplugged

(flipping; basename "$device" >"$device/driver/unbind") &
driver=$(readlink -f "$device/driver")
flip --mode 640x480 --seconds 20
expect "driver unbound: exit status" $status = 3
expect "driver unbound: the summary says so" "$(value ended_by)" = unplugged
report "driver unbound: a message" "$(grep -q 'is gone' "$work/log" && echo 0 || echo 1)" "$work/log"
flip --mode 640x480 --frames 5
expect "no device: exit status" $status = 3
report "no device: a message" "$(grep -q 'no card of driver' "$work/log" && echo 0 || echo 1)" "$work/log"
basename "$device" >"$driver/bind"
until [ -e "$card" ]; do sleep 0.1; done
flip --mode 640x480 --frames 40
intact "bound again"

# A misbehaving controller.
if [ -w "$debug/faults/drop_vblank" ]; then
	order drop_vblank 5 &
	flip --mode 640x480 --seconds 4
	expect "vblank interrupts lost: goes on" "$(value ended_by)" = seconds
	expect "vblank interrupts lost: pictures" "$(value torn) $(value repeated)" = "0 0"
	order underrun 4 &
	flip --mode 640x480 --seconds 4
	expect "underrun: black bands are seen as torn" "$(value torn)" -ge 1
	expect "underrun: exit status" $status = 1
else
	n=$((n + 1))
	echo "ok $n - faults # SKIP the driver offers none"
fi

# The console's picture, three ways: grabbed, as CRC of the controller, and by name. Its cursor blinks.
echo 0 >/sys/class/graphics/fbcon/cursor_blink
sleep 1
status=0
vdc-grab --output "$work/console.png" --json "$work/json" >"$work/log" 2>&1 || status=$?
expect "grab: exit status" $status = 0
expect "grab: a PNG" "$(head -c 4 "$work/console.png" | tail -c 3)" = PNG
echo auto >"$debug/crtc-0/crc/control"
crc=$(dd if="$debug/crtc-0/crc/data" bs=128 count=1 2>/dev/null | cut -d ' ' -f 2)
expect "grab: has the pixels of the controller's CRC" "$(value crc)" = "$crc"
status=0
vdc-grab --connector HDMI-A-1 --output - 2>"$work/log" >"$work/named.png" || status=$?
expect "grab: by connector, to standard output" $status = 0
report "grab: twice the same" "$(cmp -s "$work/console.png" "$work/named.png" && echo 0 || echo 1)"
for bad in --crtc=9999 --connector=DP-7 --device=/dev/null; do
	status=0
	vdc-grab $bad --output "$work/bad.png" >"$work/log" 2>&1 || status=$?
	expect "grab: $bad" $status = 3
done

# Without debugfs there are neither CRCs nor software fences.
umount /sys/kernel/debug
flip --mode 640x480 --frames 40 --export
mount -t debugfs debugfs /sys/kernel/debug
expect "no debugfs: exit status" $status = 0
expect "no debugfs: says that nothing is verified" "$(value verified) $(value result)" = "false unverified"
expect "no debugfs: fences of the DMA-BUF" "$(value in_fence)" = dma-buf

flip --mode 1x1
expect "no such mode: exit status" $status = 3
flip --connector VGA-9
expect "no such connector: exit status" $status = 3
flip --device /dev/null
expect "not a card: exit status" $status = 3
finish

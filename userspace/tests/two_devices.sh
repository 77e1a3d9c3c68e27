#!/bin/sh
# SPDX-License-Identifier: MIT
# Two controllers in one guest: each is a card of its own, and both flip at once, each frame checked by
# CRC. Speaks TAP.
set -eu
# shellcheck source=userspace/tests/tap.sh
. "$(dirname "$0")/tap.sh"

mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
cards=$(for card in /sys/class/drm/card[0-9]; do
	[ "$(basename "$(readlink -f "$card/device/driver")")" != vdc ] || echo "${card##*/}"
done)
# shellcheck disable=SC2086 # a list
set -- $cards
if [ $# -lt 2 ]; then
	echo "1..0 # SKIP needs a guest with two controllers"
	exit 77
fi
expect "each has a place of its own" \
	"$(readlink -f "/sys/class/drm/$1/device")" != "$(readlink -f "/sys/class/drm/$2/device")"

# show CARD: flip on it for a while; leaves $work/CARD.json, .log and .status.
show() {
	code=0
	vdc-flip --quiet --device "/dev/dri/$1" --mode 1280x720@60 --seconds 3 --json "$work/$1.json" \
		>"$work/$1.log" 2>&1 || code=$?
	echo "$code" >"$work/$1.status"
}

show "$1" &
show "$2"
wait
for card in "$1" "$2"; do
	cp "$work/$card.json" "$work/json"
	cp "$work/$card.log" "$work/log"
	expect "$card: flips end well" "$(cat "$work/$card.status") $(value result)" = "0 pass"
	expect "$card: frames were shown" "$(value frames)" -ge 5
	expect "$card: none torn, repeated or lost" \
		"$(value torn) $(value repeated) $(value lost)" = "0 0 0"
	expect "$card: had vertical blanks of its own" \
		"$(sed -n 's/^pipe0_vblank //p' "/sys/kernel/debug/dri/${card#card}/interrupts")" -ge 5
done
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# cmascope map in a guest with vdc, against what the kernel itself counts. Wants 1 GiB of memory, one
# CMA area, and page_owner=on. Speaks TAP.
set -eu
# shellcheck source=tap.sh
. "$(dirname "$0")/tap.sh"

# It has another name where a device tree makes it.
area=$(ls /sys/kernel/debug/cma)
cma=/sys/kernel/debug/cma/$area
[ -e "$cma/used" ] || { echo "1..0 # SKIP not one CMA area: $area"; exit 77; }
[ -e /dev/dri/card0 ] || { echo "1..0 # SKIP no /dev/dri/card0"; exit 77; }

# map OPTION...: run cmascope map; sets $status, leaves $work/json and $work/log.
map() {
	status=0
	rm -f "$work/json"
	cmascope map --json "$work/json" "$@" >"$work/log" 2>&1 || status=$?
}

# total NAME...: the sum of these members.
total() {
	sum=0
	for name; do sum=$((sum + $(value "$name"))); done
	echo $sum
}

# plausible FREE CMA-FREE: pages look free that are CmaFree's, and those that CPUs keep on lists of
# their own; some come and go meanwhile.
plausible() {
	kept=$(awk '$1 == "count:" { n += $2 } END { print n + 0 }' /proc/zoneinfo)
	[ "$1" -ge $(($2 - 512)) ] && [ "$1" -le $(($2 + kept + 512)) ]
}

# entries NAME: how many holders have that process name.
entries() { grep -c "\"comm\": \"$1\"" "$work/json" || true; }

# truth NAME: the last map agrees with the kernel's own counters.
truth() {
	expect "$1: exit status" "$status" = 0
	expect "$1: allocated pages are debugfs's used" "$(value allocated)" = "$(cat "$cma/used")"
	expect "$1: the longest run is debugfs's maxchunk" \
		"$(value longest_run_pages)" = "$(cat "$cma/maxchunk")"
	expect "$1: kinds add up to the area" \
		"$(total unknown free allocated borrowed pinned)" = "$(cat "$cma/count")"
	report "$1: free pages are CmaFree and the CPUs'" \
		"$(plausible "$(value free)" $(($(value cma_free_kb) / 4)) && echo 0 || echo 1)" "$work/json"
}

# What vdc keeps of freed buffers for the next ones has no name but page_owner's.
echo 0 >/sys/module/vdc/parameters/pool_ms
map
truth "idle"
idle=$(value allocated)
expect "idle: nothing is missing" "$(grep -c 'not known' "$work/log")" = 0
expect "idle: the console's buffer is named" "$(entries '\[fbcon\]')" = 1
# The kernel's own pool for atomic allocations is in no list but page_owner's.
map --owners
expect "idle, with page_owner: nobody is unknown" "$(value unnamed_pages)" = 0

# Three buffers of 900 pages.
vdc-flip --quiet --mode 1280x720 --buffers 3 --seconds 0 >"$work/flip" 2>&1 &
flip=$!
for _ in $(seq 60); do
	grep -q 'size=1280x720' /sys/kernel/debug/dri/0/state && break
	sleep 0.5
done
map
truth "flipping"
expect "flipping: three buffers of vdc-flip" "$(entries vdc-flip)" = 3
expect "flipping: its process" "$(grep -c "\"pid\": $flip," "$work/json")" = 3
expect "flipping: framebuffers" "$(grep -c 'framebuffer .* of vdc, 1280x720' "$work/json")" = 3
expect "flipping: one of them is shown" "$(grep -c '1280x720 .*, on .* of ' "$work/json")" -ge 1
expect "flipping: 2700 pages more" "$(value allocated)" = $((idle + 2700))
map --owners
expect "flipping, with page_owner: still three buffers" "$(grep -c 'framebuffer .* of vdc, 1280x720' "$work/json")" = 3
map --png "$work/png" --svg "$work/svg" --text
expect "flipping: a PNG" "$(head -c 4 "$work/png" | tail -c 3)" = PNG
expect "flipping: an SVG" "$(tail -n 1 "$work/svg")" = "</svg>"
report "flipping: printed" "$(grep -q "vdc-flip\[$flip\]" "$work/log" && echo 0 || echo 1)" "$work/log"
expect "flipping: no line is wider than 80" "$(awk 'length > 80' "$work/log" | wc -l)" = 0

# The live picture, on a virtual terminal whose screen can be read.
setsid sh -c 'TERM=linux exec cmascope map </dev/tty9 >/dev/tty9 2>&1' &
live=$!
sleep 3
fold -w "$(stty size </dev/tty9 | cut -d ' ' -f 2)" /dev/vcs9 >"$work/screen"
kill $live
wait $live || true
report "live: shows the area" "$(grep -q "^area $area (1 of 1)" "$work/screen" && echo 0 || echo 1)" \
	"$work/screen"
report "live: shows the buffers" "$(grep -q "^B .*vdc-flip\[$flip\]" "$work/screen" && echo 0 || echo 1)" \
	"$work/screen"
kill -INT $flip
wait $flip || true
map
truth "after flipping"
expect "after flipping: its buffers are gone" "$(entries vdc-flip)" = 0
expect "after flipping: all is free again" "$(value allocated)" = "$idle"

# Movable pages come to CMA when the rest is short of memory.
mount -t tmpfs -o size=90% tmpfs /mnt
dd if=/dev/zero of=/mnt/fill bs=1M count=600 2>/dev/null
map
truth "memory filled"
expect "memory filled: pages are borrowed" "$(value borrowed)" -ge 4096
map --owners
report "memory filled: page_owner knows who" \
	"$(grep -A 1 '"comm": "dd"' "$work/json" | grep -q 'tmpfs.*allocated in shmem' && echo 0 || echo 1)" \
	"$work/log"
rm /mnt/fill
umount /mnt
map
truth "memory given back"

map --area nothing
expect "no such area: exit status" "$status" = 3
report "no such area: names those there are" "$(grep -q "$area" "$work/log" && echo 0 || echo 1)" "$work/log"

# Less is known.
status=0
setpriv --reuid 65534 --clear-groups cmascope map >"$work/log" 2>&1 || status=$?
expect "not root: exit status" "$status" = 3
report "not root: says so" \
	"$(tr -s '\n ' ' ' <"$work/log" | grep -q 'run as root' && echo 0 || echo 1)" "$work/log"
umount /sys/kernel/debug/tracing 2>/dev/null || true
umount /sys/kernel/debug
status=0
cmascope map >"$work/log" 2>&1 || status=$?
mount -t debugfs debugfs /sys/kernel/debug
expect "no debugfs: exit status" "$status" = 3
report "no debugfs: says how to mount it" \
	"$(tr -s '\n ' ' ' <"$work/log" | grep -q 'mount -t debugfs' && echo 0 || echo 1)" "$work/log"
report "no debugfs: sysfs still counts" \
	"$(tr -s '\n ' ' ' <"$work/log" | grep -q "sysfs counts $idle pages" && echo 0 || echo 1)" "$work/log"
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# The module vdc-peers in a guest with vdc, one CMA area, and vkms beside it. Speaks TAP.
# RELOADS=N: how often it is loaded and unloaded (default 10).
set -eu
# shellcheck source=../../userspace/tests/tap.sh
. "$(dirname "$0")/../../userspace/tests/tap.sh"

module=$(find "/vdc/build/$ARCH-$CONFIG/module" -name vdc-peers.ko | head -n 1)
area=$(ls /sys/kernel/debug/cma)
used=/sys/kernel/debug/cma/$area/used
buddy=/sys/kernel/debug/vdc-peers/buddy
driver=/sys/bus/platform/drivers/vdc-plain
[ -n "$module" ] || { echo "1..0 # SKIP no vdc-peers.ko for $ARCH $CONFIG"; exit 77; }
[ -e "$used" ] || { echo "1..0 # SKIP not one CMA area: $area"; exit 77; }
mkfifo "$work/hold"

# state: what must be the same again without the module.
state() {
	echo "cma $(cat "$used")"
	find /dev/dri /sys/bus/platform /sys/kernel/debug -maxdepth 2 \( -path '/dev/dri/*' -o -name '*vdc-p*' \) |
		sort
}

# hold DRIVER IMPORTER...: peer-buffer with a 1080p buffer, which it holds until release.
hold() {
	rm -f "$work/log"
	peer-buffer "$1" 1920 1080 ${2:+"$2"} <"$work/hold" >"$work/log" 2>&1 &
	holder=$!
	exec 9>"$work/hold"
	while [ ! -s "$work/log" ] && kill -0 $holder 2>/dev/null; do sleep 0.1; done
}

# release: end it; sets $status.
release() {
	status=0
	exec 9>&-
	wait $holder || status=$?
}

# ask ORDER: the buddy allocator; leaves "ORDER ERRNO" in $answer, or "refused ORDER".
ask() {
	answer="refused $1"
	if env printf '%s\n' "$1" 2>"$work/log" >"$buddy"; then answer=$(cut -d ' ' -f 1,2 "$buddy"); fi
}

state >"$work/before"
insmod "$module"
expect "loading takes none of CMA" "$(cat "$used")" = "$(sed -n 's/^cma //p' "$work/before")"
idle=$(cat "$used")
hold vdc-plain vdc
report "1080p of vdc-plain, imported by vdc" \
	"$(grep -q '^holding 8294400$' "$work/log" && echo 0 || echo 1)" "$work/log"
expect "it comes out of CMA: 2025 pages" "$(cat "$used")" = $((idle + 2025))
expect "a DMA-BUF holds the module" "$(rmmod vdc-peers 2>/dev/null && echo 0 || echo 1)" = 1
echo vdc-plain >"$driver/unbind"
expect "unbound with a DMA-BUF held: it stays" "$(cat "$used")" = $((idle + 2025))
echo vdc-plain >"$driver/bind"
release
expect "what was written is still there" "$status" = 0
expect "freed: CMA has its pages back" "$(cat "$used")" = "$idle"

for order in 0 3; do
	ask $order
	expect "buddy, order $order: there is one" "$answer" = "$order 0"
done
ask 11
expect "buddy, order 11: can only fail" "$answer" = "11 -12"
expect "buddy: time in ns" "$(cut -d ' ' -f 3 "$buddy" | tr -d 0-9)" = ''
for order in 12 -1 99999999999 four '' '0 0'; do
	ask "$order"
	expect "buddy, '$order': refused" "$answer" = "refused $order"
	expect "buddy, '$order': as invalid" "$(grep -c 'Invalid argument' "$work/log")" = 1
done
expect "buddy: what is refused leaves the answer" "$(cut -d ' ' -f 1,2 "$buddy")" = "11 -12"

modprobe vkms
hold vkms
report "vkms beside it" "$(grep -q '^holding 8294400$' "$work/log" && echo 0 || echo 1)" "$work/log"
expect "its buffer is not CMA's" "$(cat "$used")" = "$idle"
release
expect "vkms: what was written is still there" "$status" = 0
rmmod vkms

rmmod vdc-peers
for _ in $(seq "${RELOADS:-10}"); do
	insmod "$module"
	peer-buffer vdc-plain 640 480 </dev/null >"$work/log" 2>&1 || break
	rmmod vdc-peers
done
expect "loaded and unloaded again and again" ! -e "$buddy"
state >"$work/after"
report "without the module all is as before" \
	"$(diff "$work/before" "$work/after" >"$work/log" && echo 0 || echo 1)" "$work/log"
finish

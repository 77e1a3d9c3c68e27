#!/bin/sh
# SPDX-License-Identifier: MIT
# vdc-age in a guest with vdc: memory is old afterwards, and as it was when all is given back. Wants
# 640 MB of memory, of which CMA has 128, and a scratch disk. Speaks TAP.
set -eu
# shellcheck source=tap.sh
. "$(dirname "$0")/tap.sh"

[ -d /sys/kernel/debug/cma ] || { echo "1..0 # SKIP no CMA"; exit 77; }

[ -n "${SCRATCH:-}" ] || { echo "1..0 # SKIP no scratch disk"; exit 77; }

# A file system whose page cache can be reclaimed.
files=$work/files
mkdir "$files"
mkfs.ext4 -q -F "$SCRATCH" >"$work/log" 2>&1
mount -t ext4 "$SCRATCH" "$files"
trap 'umount "$files"; rm -rf "$work"' EXIT

# large_blocks: free blocks of the two highest orders outside CMA.
large_blocks() {
	awk '/^Node.*type +(Movable|Unmovable|Reclaimable) / && NF > 12 { n += $(NF - 1) + $NF }
		END { print n + 0 }' /proc/pagetypeinfo
}

# borrowed: pages of CMA that others use.
borrowed() {
	cmascope map --json "$work/map" >"$work/log" 2>&1 || true
	sed -n 's/^ *"borrowed": \([0-9]*\),*$/\1/p' "$work/map" | head -n 1
}

# What is freed is looked for in the area, so vdc may keep nothing.
[ ! -w /sys/module/vdc/parameters/pool_mb ] || echo 0 >/sys/module/vdc/parameters/pool_mb

# allocated: pages of CMA areas that are somebody's buffers.
allocated() { cat /sys/kernel/debug/cma/*/used | awk '{ n += $1 } END { print n + 0 }'; }

dmabufs() { sed -n 's/^Total \([0-9]*\) objects.*/\1/p' /sys/kernel/debug/dma_buf/bufinfo; }

settle() {
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/compact_memory
}

# age OPTION...: run vdc-age in the background; sets $age.
age() {
	rm -f "$work/json" "$work/journal"
	vdc-age --quiet --work "$files" --json "$work/json" --journal "$work/journal" "$@" \
		>"$work/log" 2>&1 &
	age=$!
}

# await PATTERN NUMBER: until the journal has so many such lines, or the program has ended.
await() {
	until found=$(grep -c "$1" "$work/journal" 2>/dev/null); [ "${found:-0}" -ge "$2" ]; do
		kill -0 "$age" 2>/dev/null || break
		sleep 0.2
	done
}

# finished: sets $status.
finished() {
	status=0
	wait "$age" || status=$?
}

# left_over: what should be gone.
left_over() { find "$files" -mindepth 1 ! -name lost+found | wc -l; }

# operations PROFILE: what the summary has of it, or "skipped".
operations() {
	awk -F '[:,] *' -v name="\"$1\"" '$1 ~ /"profile"/ { mine = $2 == name }
		mine && $1 ~ /"skipped"/ { print "skipped"; exit }
		mine && $1 ~ /"operations"/ { print $2; exit }' "$work/json"
}

# Everything at once.
settle
young=$(large_blocks) cma=$(allocated) buffers=$(dmabufs)
age --period 60 --burst 30 --hours 0.016
await '"what":"burst"' 9
sleep 5
expect "aged: few large blocks are left outside CMA" "$(large_blocks)" -le $((young / 5))
# How many it is at a moment depends on what is just given back.
most=0
while [ "$most" -lt 8192 ] && kill -0 "$age" 2>/dev/null; do
	now=$(borrowed)
	[ "${now:-0}" -le "$most" ] || most=$now
	sleep 1
done
expect "aged: pages of CMA are borrowed" "$most" -ge 8192
finished
expect "mixed: exit status" "$status" = 0
report "mixed: nobody was killed" "$(grep -q killed "$work/journal" && echo 1 || echo 0)" "$work/journal"
vdc-age --profile list | while read -r name _; do
	[ "$name" = mixed ] || echo "$name $(operations "$name")"
done >"$work/done"
report "mixed: each profile did something, or is not possible here" \
	"$(grep -Eq ' (0|)$' "$work/done" && echo 1 || echo 0)" "$work/done"
for name in fs cache slab anon fork pins dmabuf desktop abbott; do
	expect "mixed: $name is possible here" "$(operations $name)" != skipped
done
settle
expect "given back: files" "$(left_over)" = 0
expect "given back: DMA-BUFs" "$(dmabufs)" = "$buffers"
expect "given back: CMA" "$(allocated)" = "$cma"
expect "given back: the summary has more large blocks before than after" \
	"$(awk '/"free":/ { getline list; for (i = 0; i < 9; i++) getline; getline; print $1 + 0 }' \
		"$work/json" | tr '\n' ' ' | awk '{ print ($1 > $2) }')" = 1

# A worker is killed.
age --profile fs,slab --hours 1 --period 10 --burst 5 --fill 10
await '"burst".*"slab"' 1
kill -KILL "$(pgrep -x age-slab)"
await killed 1
await '"burst".*"slab"' 2
kill -TERM "$age"
finished
expect "worker killed: exit status" "$status" = 1
expect "worker killed: reported" "$(grep -c '"killed","profile":"slab","signal":9' "$work/journal")" = 1
expect "worker killed: started again" "$(grep -c '"burst".*"slab"' "$work/journal")" -ge 2
expect "worker killed: files" "$(left_over)" = 0

# Sediment: pages that are pinned for long.
pinned() { awk '$1 == "nr_foll_pin_acquired" { n += $2 } $1 == "nr_foll_pin_released" { n -= $2 }
	END { print n + 0 }' /proc/vmstat; }
pins=$(pinned)
age --profile fs --hours 0.03 --period 20 --burst 10
await '"burst".*"sediment"' 3
all=$(($(pinned) - pins))
held=$(sed -n 's/.*"profile":"sediment".*"held_kb":\([0-9]*\).*/\1/p' "$work/journal" | tail -n 1)
expect "sediment: pages are pinned" "$all" -gt 0
expect "sediment: the journal has it, and what pipes hold" "$held" -gt $((all * 4))
expect "sediment: it is a few MB" "$held" -lt 16384
kill -KILL "$(pgrep -x age-sediment)"
await killed 1
expect "sediment: given back by one who is killed" "$(pinned)" = "$pins"
kill -TERM "$age"
finished
age --profile fs --hours 0.03 --period 20 --burst 10 --sediment 0
await '"burst".*"fs"' 1
expect "sediment: none is wanted" "$(pgrep -c '^age-sediment')" = 0
expect "sediment: none is there" "$(pinned)" = "$pins"
kill -TERM "$age"
finished

# All are told to end.
age --hours 1 --fill 10 --profile fs,slab,anon,fork,dmabuf,desktop
await filled 1
sleep 2
kill -TERM "$age"
finished
expect "told to end: exit status" "$status" = 0
expect "told to end: nobody is left" "$(pgrep -c '^age-')" = 0
expect "told to end: files" "$(left_over)" = 0
expect "told to end: DMA-BUFs" "$(dmabufs)" = "$buffers"
expect "told to end: CMA" "$(allocated)" = "$cma"

# The parent alone is killed.
age --hours 1 --fill 10 --profile fs,slab,fork,desktop
await filled 1
sleep 2
kill -KILL "$age"
finished
for _ in $(seq 60); do
	pgrep '^age-' >/dev/null || break
	sleep 0.5
done
expect "parent killed: nobody is left" "$(pgrep -c '^age-')" = 0
expect "parent killed: files" "$(left_over)" = 0
expect "parent killed: CMA" "$(allocated)" = "$cma"

status=0
vdc-age --quiet --hours 0.0001 --fill 0 --profile desktop --device /dev/null >"$work/log" 2>&1 || status=$?
expect "nothing can run: exit status" "$status" = 3
finish

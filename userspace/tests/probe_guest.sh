#!/bin/sh
# SPDX-License-Identifier: MIT
# vdc-probe in a guest with all contenders, and failures that this kernel really had. Wants vdc, vkms
# and vdc-peers loaded, and a CMA area of 128 MB. Speaks TAP.
set -eu
# shellcheck source=userspace/tests/tap.sh
. "$(dirname "$0")/tap.sh"

cma=/sys/kernel/debug/cma/reserved
[ -e "$cma/used" ] || { echo "1..0 # SKIP no $cma: CONFIG_CMA_DEBUGFS=y, cma="; exit 77; }
[ -e /sys/kernel/debug/vdc-peers/buddy ] || { echo "1..0 # SKIP vdc-peers is not loaded"; exit 77; }

# probe OPTION...: run it; sets $status, leaves $work/json, $work/journal and $work/log.
probe() {
	status=0
	rm -f "$work/json" "$work/journal"
	vdc-probe --quiet --json "$work/json" --journal "$work/journal" "$@" >"$work/log" 2>&1 ||
		status=$?
}

# of CONTENDER NAME: a number of a contender in the summary.
of() {
	sed -n "/\"name\": \"$1\"/,/}/s/.*\"$2\": \([0-9]*\).*/\1/p" "$work/json"
}

# records WHAT [TEXT]: how many of a kind there are in the journal, with TEXT.
records() { grep "\"what\":\"$1\"" "$work/journal" | grep -c -- "${2:-}" || true; }

# says DESCRIPTION TEXT: a failure record has TEXT.
says() {
	if [ "$(records failure "$2")" -ge 1 ]; then
		report "$1" 0
	else
		report "$1" 1 "$work/journal"
	fi
}

# What is freed is looked for in the area, so vdc may keep nothing.
echo 0 >/sys/module/vdc/parameters/pool_mb
used=$(cat "$cma/used")
probe --once
expect "all contenders: exit status" "$status" = 0
for name in vdc plain heap-cma heap-system vkms buddy-10; do
	expect "$name: a buffer" "$(of $name allocations)" = 1
	expect "$name: took time" "$(of $name max_ns)" -gt 0
done
expect "buddy-11: no buffer" "$(of buddy-11 allocations)" = 0
expect "buddy-11: a failure" "$(of buddy-11 failures)" = 1
expect "nothing was left out" "$(grep -c 'left out' "$work/log")" = 0
expect "each has a record" "$(records allocation)" = 7
expect "2025 pages each" "$(records allocation '"pages":2025,')" = 5
expect "memory before and after" "$(records memory)" = 2
expect "kswapd's time" "$(records memory '"kswapd_ns":[0-9]')" = 2
expect "free blocks by type" "$(records memory '"types":{.*"CMA":\[')" = 2
expect "a map of 256 letters" "$(records memory '"map":"[.ABP?]\{256\}"')" = 2
expect "wake-ups during allocations from CMA" "$(records wakeup '"during":"cma"')" = 1
expect "no failure is explained where nothing is contiguous" "$(records failure)" = 0
expect "all is given back" "$(cat "$cma/used")" = "$used"
expect "no trace remains" -z "$(ls /sys/kernel/tracing/instances)"

# What is held: shmem pages of vkms exist although nobody wrote to them.
shmem() { awk '$1 == "Shmem:" { print $2 }' /proc/meminfo; }
before=$(shmem)
vdc-probe --quiet --contender vkms,heap-cma --hold 1 --hours 2 --period 3600 --burst 1 \
	--json "$work/json" 2>"$work/log" &
pid=$!
sleep 20
expect "held: 2025 pages of shmem" "$(($(shmem) - before))" -ge 8100
expect "held: 2025 pages of CMA" "$(cat "$cma/used")" = $((used + 2025))
kill -TERM $pid
status=0
wait $pid || status=$?
expect "SIGTERM: exit status" "$status" = 0
expect "SIGTERM: the summary" "$(of vkms allocations)" -ge 1
expect "SIGTERM: all is given back" "$(cat "$cma/used")" = "$used"

# The environment's timetable: three bursts.
VDC_LAB_HOURS=0.01 VDC_LAB_PERIOD=12 VDC_LAB_BURST=2 VDC_LAB_SEED=5 \
	VDC_LAB_START=$(awk '{ printf "%.0f", ($1 + 5) * 1e9 }' /proc/uptime)
export VDC_LAB_HOURS VDC_LAB_PERIOD VDC_LAB_BURST VDC_LAB_SEED VDC_LAB_START
probe --contender heap-cma,buddy-10 --interval 0.5
expect "timetable: exit status" "$status" = 0
expect "timetable: three bursts" "$(value bursts)" = 3
expect "timetable: the seed" "$(value seed)" = 5
expect "timetable: memory at both ends of each" "$(records memory)" = 6
expect "timetable: at least two rounds in each" "$(records allocation heap-cma)" -ge 6
unset VDC_LAB_HOURS VDC_LAB_PERIOD VDC_LAB_BURST VDC_LAB_SEED VDC_LAB_START
probe --once --seed 9
grep -o '"contender":"[^"]*"' "$work/journal" >"$work/order"
probe --once --seed 9
expect "the same seed: the same order" \
	"$(grep -o '"contender":"[^"]*"' "$work/journal")" = "$(cat "$work/order")"

# Failures.
take() { echo "$1" >"$cma/alloc"; }
take $(($(cat "$cma/maxchunk") - 1500))
probe --once --contender vdc,plain,heap-cma
expect "full: exit status" "$status" = 0
expect "full: three failures" "$(value full)" = 3
for name in vdc plain heap-cma; do
	says "full: $name" "\"contender\":\"$name\".*\"cause\":\"full\""
done
says "full: with CMA's own error" '"error":-12,"retries":0,'
says "full: nothing is missing" '"missing":\[\]'
# The newest 2000 of what was taken, in front of the 1500.
echo 2000 >"$cma/free"
take 300
probe --once --contender heap-cma
says "fragmented" '"cause":"fragmented"'
says "fragmented: the longest run is debugfs's" "\"max_run\":$(cat "$cma/maxchunk"),"
mount -t tmpfs tmpfs /sys/kernel/tracing
probe --once --contender heap-cma
umount /sys/kernel/tracing
expect "no tracefs: said" "$(grep -c "without CMA's events" "$work/log")" = 1
says "no tracefs: still a cause" '"cause":"fragmented"'
says "no tracefs: less certain" '"missing":\["what exactly was free'

# What cannot be.
status=0
setpriv --reuid 65534 --clear-groups vdc-probe --once --contender heap-cma >"$work/log" 2>&1 ||
	status=$?
expect "not root: exit status" "$status" = 3
report "not root: why" "$(grep -q 'heap-cma.*Permission denied' "$work/log" && echo 0 || echo 1)" \
	"$work/log"
status=0
setpriv --reuid 65534 --clear-groups vdc-probe --once >"$work/log" 2>&1 || status=$?
expect "not root, none named: memory is measured" "$status" = 0
status=0
VDC_LAB_START=x VDC_LAB_HOURS=1 VDC_LAB_PERIOD=1 VDC_LAB_BURST=1 vdc-probe >"$work/log" 2>&1 || status=$?
expect "a broken timetable: exit status" "$status" = 3
probe --hours 0
expect "no time: exit status" "$status" = 2
probe --contender nobody
expect "nobody: exit status" "$status" = 2
finish

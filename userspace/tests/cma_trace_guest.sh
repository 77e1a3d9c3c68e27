#!/bin/sh
# SPDX-License-Identifier: MIT
# cmascope record, top and report in a guest: what vdc-flip allocates is seen, trace-cmd's trace tells
# the same, failures are recorded, and tracefs is left as it was. Speaks TAP.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tap.sh
. "$here/tap.sh"

[ -e /dev/dri/card0 ] || { echo "1..0 # SKIP no /dev/dri/card0"; exit 77; }
# The area's heap has its name: "reserved", or that of its node in the device tree.
area=$(find /dev/dma_heap -type c ! -name system -printf '%f\n' | head -n 1)
[ -n "$area" ] || { echo "1..0 # SKIP no heap of a CMA area"; exit 77; }
build=/vdc/build/$(uname -m | sed s/aarch64/arm64/)/user
alloc=$build/bench/cma-alloc
tracing=/sys/kernel/tracing
cd "$work"

# scope COMMAND OPTION...: run cmascope; sets $status, leaves $work/json and $work/log.
scope() {
	status=0
	rm -f "$work/json"
	cmascope "$@" >"$work/log" 2>&1 || status=$?
}

# ours: how many instances of ours there are.
ours() { find "$tracing/instances" -maxdepth 1 -name 'cmascope-*' | wc -l; }

# events TRACE: what vdc-flip allocated and released, one a line.
events() {
	"$build/userspace/tests/cma-events" "$1" | grep -E '^(start|finish|release) vdc-flip ' || true
}

# start_record FILE: record in the background, and wait until it does; sets $recorder.
start_record() {
	cmascope record -o "$1" --json json >"$work/log" 2>&1 &
	recorder=$!
	until [ "$(cat "$tracing/instances/cmascope-$recorder/events/cma/cma_release/enable" 2>/dev/null)" = 1 ]; do
		sleep 0.2
	done
	sleep 1
}

# thread NAME MEMBER: a member of that thread's object in the last JSON.
thread() {
	awk -v name="\"comm\":\"$1\"" -v member="\"$2\":" '
		index($0, "\"threads\"") { inside = 1 }
		index($0, "\"failures\":[") { inside = 0 }
		inside && index($0, name) { found = 1 }
		found && index($0, member) { sub(/^[^:]*: */, ""); sub(/,$/, ""); print; exit }' "$work/json"
}

# The three buffers of 1280x720, 900 pages each.
scope record -o flip.trace --json json -- vdc-flip --quiet --mode 1280x720 --frames 20
expect "record: exit status" "$status" = 0
expect "record: nothing lost" "$(value lost)" = 0
expect "record: no failures" "$(value failures)" = 0
expect "record: vdc-flip by name" "$(thread vdc-flip allocations)" -ge 3
expect "record: its pages" "$(thread vdc-flip pages)" -ge 2700
expect "record: all of them released" "$(value pages)" = "$(value pages_released)"
expect "record: nothing remains in tracefs" "$(ours)" = 0

events flip.trace >flip.events
for kind in start finish release; do
	expect "record: $kind of three buffers of 900 pages" \
		"$(grep -c "^$kind vdc-flip [1-9][0-9]* $area 0x[0-9a-f]* 900 " flip.events)" = 3
done
expect "record: what was released is what was allocated" \
	"$(sed -n 's/^finish.*\(0x[0-9a-f]* 900\).*/\1/p' flip.events | sort)" = \
	"$(sed -n 's/^release.*\(0x[0-9a-f]* 900\).*/\1/p' flip.events | sort)"

# trace-cmd and we at once: the same events, one for one.
trace-cmd record -q -e cma -e page_isolation:test_pages_isolated -o both.dat \
	cmascope record -o both.trace -- vdc-flip --quiet --mode 1280x720 --frames 10 >"$work/log" 2>&1
events both.trace >ours.events
events both.dat >theirs.events
expect "trace.dat: as many events" "$(wc -l <theirs.events)" -ge 9
report "trace.dat: the same events" "$(cmp -s ours.events theirs.events && echo 0 || echo 1)" theirs.events
scope report both.dat --json json -o both.html
expect "report of trace.dat: exit status" "$status" = 0
expect "report of trace.dat: by name" "$(thread vdc-flip allocations)" -ge 3
scope report flip.trace --json json -o flip.html
expect "report: exit status" "$status" = 0
expect "report: what the machine has now, too" "$(grep -c '"cells":"[.ABP?]*",' json)" -ge 1
expect "report: free pages by type" "$(grep -c '"type":"Movable"' json)" -ge 1
expect "report: a film of the area" "$(grep -c '"fragmentation_align_8":\[' json)" -ge 1

# Two of 150 MiB out of 256 MiB: the second fails. One of 300 MiB never can.
scope record -o fail.trace --json json -- "$alloc" "$area" 157286400 2 keep
expect "a failure: recorded" "$(value failures)" = 1
expect "a failure: its error" "$(value error)" = -12
expect "a failure: its size" "$(value count)" = 38400
expect "a failure: whose" "$(sed -n '/"failures":\[/,$p' json | grep -c '"comm":"cma-alloc"')" = 1
scope record -o large.trace --json json -- "$alloc" "$area" 314572800 1
expect "larger than the area: recorded" "$(value failures) $(value error)" = "1 -22"
# 106 MiB are left at most, and the recording began with the bitmap: no doubt is left of either.
scope why fail.trace --json json
expect "why: tells it" "$status" = 1
expect "why: its cause" "$(value cause)" = full
expect "why: its size" "$(value count)" = 38400
scope why large.trace --json json
expect "why, larger than the area: tells it" "$status" = 1
expect "why, larger than the area: its cause" "$(value cause)" = too-large

# Only one area; one that is not there.
scope record -o x.trace --area "$area" --json json -- "$alloc" "$area" 1048576 5
expect "--area: its events" "$(value allocations)" = 5
scope record -o x.trace --area nowhere --seconds 1
expect "--area of none: exit status" "$status" = 3
report "--area of none: says which there are" "$(grep -qF "\"$area\"" "$work/log" && echo 0 || echo 1)" "$work/log"

until [ -e topped ]; do "$alloc" "$area" 1048576 20 >/dev/null; done &
scope top --once --seconds 3 --json json
touch topped
wait
expect "top: exit status" "$status" = 0
# Of the process it began or ended in it may have seen any part.
expect "top: allocations" "$(value allocations)" -ge 20
report "top: a table" "$(grep -q 'cma-alloc' "$work/log" && echo 0 || echo 1)" "$work/log"

# on_terminal COLUMNS LINES: top there for some seconds; sets $status, leaves what it wrote in screen.
on_terminal() {
	rm -f shown
	until [ -e shown ]; do "$alloc" "$area" 1048576 20 >/dev/null; done &
	status=0
	python3 "$here/on_terminal.py" "$1" "$2" 5 cmascope top >screen 2>&1 || status=$?
	touch shown
	wait $!
}

# drawn DESCRIPTION TEXT
drawn() { report "$1" "$(grep -qF -- "$2" screen && echo 0 || echo 1)" screen; }

if command -v python3 >/dev/null; then
	on_terminal 80 24
	expect "top on a terminal: q ends it" "$status" = 0
	drawn "top on a terminal: all columns that fit" "alloc/s  allocs failed  busy  moved      p50      p99      max"
	drawn "top on a terminal: who" "cma-alloc:"
	drawn "top on a terminal: how to end it" "q: quit"
	on_terminal 40 12
	expect "top on a small terminal: q ends it" "$status" = 0
	drawn "top on a small terminal: what matters most" "alloc/s failed      p99"
	status=0
	python3 "$here/on_terminal.py" 80 24 2 env TERM=none cmascope top \
		>screen 2>&1 || status=$?
	expect "top on an unknown terminal: exit status" "$status" = 3
	drawn "top on an unknown terminal: says so" "(TERM) is not known"
fi

# However it ends.
start_record int.trace
expect "while it runs: an instance" "$(ours)" = 1
"$alloc" "$area" 1048576 3 >/dev/null
kill -INT $recorder
status=0
wait $recorder || status=$?
expect "interrupted: exit status" "$status" = 0
expect "interrupted: what was so far" "$(value allocations)" = 3
expect "interrupted: nothing remains in tracefs" "$(ours)" = 0
start_record kill.trace
"$alloc" "$area" 1048576 3 >/dev/null
sleep 7
kill -KILL $recorder
wait $recorder || true
expect "killed: an instance remains" "$(ours)" = 1
scope report kill.trace --json json -o kill.html
expect "killed: what was written so far is whole" "$(value allocations)" = 3
report "killed: the reader says that it is cut off" "$(grep -q 'cut off' "$work/log" && echo 0 || echo 1)" "$work/log"
scope record -o x.trace --seconds 0.5
expect "killed: the next one cleans up" "$(ours)" = 0

# Somebody else's tracing is none of ours.
mkdir "$tracing/instances/cmascope-other"
scope record -o x.trace --seconds 0.2
expect "an instance of another's is left alone" "$(ours)" = 1
rmdir "$tracing/instances/cmascope-other"

scope record -o /nonexistent/x.trace --seconds 1
expect "no place for the trace: exit status" "$status" = 3
scope record --seconds 0
expect "no time: exit status" "$status" = 2
umount "$tracing" 2>/dev/null || true
setpriv --reuid 65534 --clear-groups cmascope record -o /tmp/n.trace --seconds 1 >"$work/log" 2>&1 && status=0 || status=$?
expect "not root: exit status" "$status" = 3
report "not root: says so" "$(grep -q 'root' "$work/log" && echo 0 || echo 1)" "$work/log"
finish

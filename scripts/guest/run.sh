# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# A run that ages its guest, from within: its journal, modules, disk, timetable and programs. Who reads this
# sets $who (its name in the journal), $out (a directory, with one called results for what programs print),
# $disk (a directory for files that come and go) and $journal. A record wants the timetable first.

# open_journal: for record, on descriptor 4. Open until the end: a terminal forgets its settings with the
# last user.
open_journal() {
	exec 4>>"$journal"
	stty raw -echo -F "$journal" 2>/dev/null || true
}

# timetable HOURS PERIOD BURST SEED: of all programs of the run, which begins after SETTLE seconds. The
# journal's times count from then, too.
SETTLE=60	# s for vdc-age to fill memory before the first burst
timetable() {
	start=$(($(now) + SETTLE * 1000000000))
	export VDC_LAB_START="$start" VDC_LAB_HOURS="$1" VDC_LAB_PERIOD="$2" VDC_LAB_BURST="$3"
	export VDC_LAB_SEED="$4" VDC_LAB_JOURNAL="$journal"
}

# say TEXT: to whoever reads the log, and the kernel's.
say() { echo "$who: $*" | tee /dev/kmsg; }

# now: ns of CLOCK_BOOTTIME, to 10 ms.
now() {
	read -r up _ </proc/uptime
	echo "${up%.*}${up#*.}0000000" | sed 's/^0*//'
}

# record WHAT MEMBERS: a line of the journal; MEMBERS is JSON without braces.
record() {
	ns=$(($(now) - start))
	[ "$ns" -gt 0 ] || ns=0
	printf '{"ns":%s,"who":"%s","what":"%s",%s}\n' "$ns" "$who" "$1" "$2" >&4
}

# meminfo NAME: kB of a line of /proc/meminfo.
meminfo() { awk -v name="$1:" '$1 == name { print $2; found = 1 } END { if (!found) print 0 }' /proc/meminfo; }

# load NAME [PARAMETER]...: a module, ours or the kernel's.
load() {
	name=$1
	shift
	file=$(find "/vdc/build/$ARCH-$CONFIG/module" -name "$name.ko" 2>/dev/null | head -n 1)
	if [ -n "$file" ]; then insmod "$file" "$@"; else modprobe "$name" "$@"; fi ||
		say "no module $name: the run goes on without it"
}

# make_disk: an ext4 file system on the scratch disk.
make_disk() {
	[ -n "${SCRATCH:-}" ] || { say "no scratch disk: files are on tmpfs"; return; }
	# Same names and hashes in each run.
	if ! mkfs.ext4 -q -F -U 56444300-0000-4000-8000-000000000001 \
		-E hash_seed=56444300-0000-4000-8000-000000000002 "$SCRATCH" ||
		! mount -t ext4 "$SCRATCH" "$disk"; then
		say "no file system on $SCRATCH: files are on tmpfs"
	fi
}

# begin NAME COMMAND...: a program of the run in the background, with its output in a file.
names='' missing=0
begin() {
	name=$1
	shift
	if ! command -v "$1" >/dev/null; then
		say "no $1: the run goes on without it"
		record ended "\"program\":\"$name\",\"status\":127"
		missing=127
		return
	fi
	# A process group of its own, to find what it may leave behind.
	setsid "$@" >"$out/results/$name.log" 2>&1 &
	eval "pid_$name=$!"
	names="$names $name"
}

pid_of() { eval "echo \${pid_$1:-}"; }

# finish NAME: wait for a program; one that failed or was killed is told.
finish() {
	pid=$(pid_of "$1")
	[ -n "$pid" ] || return 0
	wait "$pid"
	ended=$?
	kill -KILL -- "-$pid" 2>/dev/null && say "$1 left processes behind, which are killed"
	record ended "\"program\":\"$1\",\"status\":$ended"
	[ "$ended" = 0 ] || {
		say "$1 ended with status $ended; its last words:"
		{ grep -m 4 CRITICAL "$out/results/$1.log" || tail -n 4 "$out/results/$1.log"; } | cut -c1-200 |
			while read -r line; do say "$line"; done
	}
	return $ended
}

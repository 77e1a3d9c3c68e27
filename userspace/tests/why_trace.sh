#!/bin/sh
# SPDX-License-Identifier: MIT
# cmascope why of traces: the cause of each failure that a trace can prove, and what is said to be
# missing where it cannot. Speaks TAP.
set -eu

[ $# = 1 ] || { echo "Usage: userspace/tests/why_trace.sh BUILD_DIRECTORY" >&2; exit 2; }
build=$1
# shellcheck source=userspace/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# why TRACE: sets $status, leaves $work/json and $work/log.
why() {
	status=0
	rm -f "$work/json"
	"$build/userspace/cmascope" why --json "$work/json" "$1" >"$work/log" 2>&1 || status=$?
}

# says DESCRIPTION TEXT: a line of the output has TEXT.
says() { report "$1" "$(grep -qF -- "$2" "$work/log" && echo 0 || echo 1)" "$work/log"; }

mkdir "$work/traces"
"$build/userspace/tests/cma-failures" "$work/traces"
for trace in "$work"/traces/*.trace; do
	name=$(basename "$trace" .trace)
	why "$trace"
	expect "$name: status 1" "$status" = 1
	expect "$name: the cause of the one failure" "$(value failure_count) $(value cause)" = "1 ${name%@*}"
	expect "$name: whose" "$(value comm) $(value pid) $(value area)" = "camera 7 reserved"
done

# about NAME TEXT: why of that trace says TEXT.
about() {
	why "$work/traces/$1.trace"
	says "$1: $2" "$2"
}

about too-large@6.12.117 "1025 pages were asked for, the area has 1024"
about full@6.15.3 "668 of the area's 1024 pages were free"
about fragmented@6.12.117 "the longest free run is 512@512"
about alignment@6.12.117 "924@100: first aligned page 256; 256 + 800 = 1056 is past the run's end 1024"
about low-memory@6.12.117 "3 aligned places for it were free, the first at 256"
about busy@6.12.117 "page frame 0x4012c could not be moved"
about busy@6.1.0 "1 place was tried and found busy"
about unknown@6.12.117-blind "Cannot tell, because the free runs are not listed"
about unknown@6.12.117-lost "what was free: the trace lost events, 6,"
about unknown@6.1.0 "the error; a request larger than its area never finishes"

# dat ERROR RETRIES [UNAME]: why of a trace of trace-cmd's, in which a request failed so.
dat() {
	"$build/userspace/tests/cma-dat" "$work/trace.dat" "$@"
	why "$work/trace.dat"
	expect "trace.dat $*: one failure, whose, how large" \
		"$status $(value failure_count) $(value comm) $(value area) $(value count) $(value busy_retries)" = \
		"1 1 camera reserved 300 $2"
	says "trace.dat $*: the error" "the kernel returned $1 "
}

# It does not begin with the areas: neither place nor size nor bits are known.
dat -12 0
expect "trace.dat: no cause" "$(value cause)" = unknown
expect "trace.dat: neither size nor place nor runs" \
	"$(value area_pages) $(value base_pfn) $(value free_pages) $(value runs_known)" = "null null null none"
says "trace.dat: what it may be" "full, fragmented, alignment, or no memory to move pages to"
says "trace.dat: the free runs are missing" "- the free runs: "
dat -16 0
expect "trace.dat, -EBUSY of an unknown kernel: no cause" "$(value cause)" = unknown
says "trace.dat, -EBUSY: what it may be" "the free runs are not listed: no place, or busy pages"
dat -16 2
expect "trace.dat, places were tried: busy" "$(value cause)" = busy
says "trace.dat, places were tried: which pages" "some page of 0x40100-0x4022b could not be moved"
expect "trace.dat: the size of a page" "$(value page_size)" = 4096
dat -16 0 "Linux board 6.12.117-amd64 x86_64"
expect "trace.dat, -EBUSY before 6.15: busy" "$(value cause)" = busy
dat -16 0 "Linux board 6.15.3 aarch64"
expect "trace.dat, -EBUSY since 6.15: no cause" "$(value cause)" = unknown
dat -12 0 "Linux board 6.15.3 aarch64"
expect "trace.dat, -ENOMEM since 6.15: low-memory" "$(value cause)" = low-memory
for uname in "" Linux "Linux board" "Linux board what x86_64"; do
	dat -16 0 "$uname"
	expect "trace.dat of \"$uname\": no cause" "$(value cause)" = unknown
done
dat -4 0
expect "trace.dat, -EINTR: signal" "$(value cause)" = signal
finish

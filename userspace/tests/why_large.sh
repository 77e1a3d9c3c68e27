#!/bin/bash
# SPDX-License-Identifier: MIT
# cmascope why reads a log of a gigabyte in little memory. Speaks TAP; how long it took is a comment.
set -eu

[ $# = 1 ] || {
	echo "Usage: userspace/tests/why_large.sh PATH_OF_CMASCOPE" >&2
	exit 2
}
cmascope=$1
limit_kb=102400
# shellcheck source=userspace/tests/tap.sh
. "$(dirname "$0")/tap.sh"

# A failure in every 2^16 lines, each of another size; lines of 92 bytes on average.
log() {
	awk 'BEGIN {
		filler = "systemd[1]: Started Session 4242 of User nobody, as on any machine that is up."
		for (i = 0; i < 184 * 65536; i++)
			if (i % 65536)
				printf "[%12.6f] %s\n", i / 100, filler
			else
				printf "[%12.6f] cma: __cma_alloc: reserved: alloc failed, req-size: %d pages, ret: -12\n[%12.6f] cma: number of available pages: 300@1024=> 300 free of 65536 total pages\n", i / 100, 301 + i / 65536, i / 100
	}'
}

expect "the log is a gigabyte" "$(log | wc -c)" -ge 1073741824
# Address space, so that a leak of any kind is met.
started=$(date +%s)
status=0
log | (ulimit -v $limit_kb; exec "$cmascope" why --json "$work/json" - >"$work/out" 2>"$work/err") || status=$?
echo "# $(($(date +%s) - started)) s, with the time to write it"
expect "within $limit_kb kB of address space: exit status" "$status" = 1
expect "every failure found" "$(value failure_count)" = 184
finish

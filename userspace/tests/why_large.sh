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

# 2^16 lines of 92 bytes; so much again and again, with a failure of another size before each.
awk 'BEGIN {
	filler = "systemd[1]: Started Session 4242 of User nobody, as on any machine that is up."
	for (i = 0; i < 65536; i++)
		printf "[%12.6f] %s\n", i / 100, filler
}' >"$work/block"
failures=184
log() {
	for i in $(seq $failures); do
		echo "[   10.000000] cma: __cma_alloc: reserved: alloc failed, req-size: $((300 + i)) pages, ret: -12"
		echo "[   10.000001] cma: number of available pages: 300@1024=> 300 free of 65536 total pages"
		cat "$work/block"
	done
}

expect "the log is a gigabyte" $(($(wc -c <"$work/block") * failures)) -ge $((1 << 30))
# Address space, so that a leak of any kind is met.
started=$(date +%s)
status=0
log | (
	ulimit -v $limit_kb
	exec "$cmascope" why --json "$work/json" - >"$work/out" 2>"$work/err"
) || status=$?
echo "# $(($(date +%s) - started)) s, with the time to write it"
expect "within $limit_kb kB of address space: exit status" "$status" = 1
expect "every failure found" "$(value failure_count)" = "$failures"
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# cmascope why as a person runs it: its words, exit statuses and JSON. Speaks TAP.
set -eu

[ $# = 1 ] || {
	echo "Usage: userspace/tests/why.sh PATH_OF_CMASCOPE" >&2
	exit 2
}
cmascope=$1
here=$(dirname "$0")
corpus=$here/corpus
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"

# why OPTION...: run it; sets $status, leaves $work/out, $work/json and $work/err.
why() {
	status=0
	"$cmascope" why --json "$work/json" "$@" >"$work/out" 2>"$work/err" || status=$?
}

# says DESCRIPTION TEXT [FILE]: a line of the output has TEXT.
says() {
	if grep -qF -- "$2" "${3:-$work/out}"; then
		report "$1" 0
	else
		report "$1" 1 "$work/out"
	fi
}

why "$corpus/nxp-slides.log"
expect "a failure found is status 1" "$status" = 1
says "NXP: the cause is alignment" "failed allocation: alignment 1"
says "NXP: the run, with the right end" \
	"511@58881: first aligned page 59136; 59136 + 456 = 59592 is past the run's end 59392"
says "NXP: other runs are too short" "7 listed free runs are shorter"
says "NXP: the list is cut, and that is said" "the list of free runs is cut"
says "NXP: what helps" "CONFIG_CMA_ALIGNMENT=5) 511@58881 would have been enough"
expect "NXP: JSON has the cause" "$(value cause)" = alignment
expect "NXP: JSON has the numbers" "$(value count)" = 456

grep -v bitmap_find "$corpus/nxp-slides.log" >"$work/cut.log"
why "$work/cut.log"
expect "without the kernel's search a cut list proves nothing" "$(value cause)" = unknown
says "it says why it cannot tell" "Cannot tell, because the list of free runs is cut"

"$cmascope" why --json - - <"$corpus/samsung-binder.log" >"$work/json" 2>"$work/out" || true
expect "a log on standard input, JSON on standard output" "$(value cause)" = fragmented

why --area nothing "$corpus/sc7280-camera.log"
expect "--area: none is status 0" "$status" = 0
says "--area: none is said" "No failed CMA allocation of area nothing found."
why --area reserved "$corpus/sc7280-camera.log"
expect "--area: those of the area" "$(value failure_count)" = 1

why "$corpus/ath12k-x1e.log"
says "-16 of an unknown kernel may mean both" "no place, or busy pages"
echo "cma: __cma_alloc: x: alloc failed, req-size: 9 pages, ret: -16" >"$work/short.log"
why --kernel 6.12 "$work/short.log"
expect "--kernel decides what -16 means" "$(value cause)" = busy
why --kernel 6.17 "$work/short.log"
expect "--kernel: since 6.15 it may be both" "$(value cause)" = unknown

cat >"$work/align.log" <<EOF
cma: __cma_alloc: x: alloc failed, req-size: 300 pages, ret: -12
cma: number of available pages: 350@1=> 350 free of 4096 total pages
EOF
why "$work/align.log"
expect "the DMA API's alignment is assumed" "$(value cause)" = alignment
says "so it is not certain" "(most likely: see what is not known)"
expect "nor in the JSON" "$(value certain)" = false
says "and that is said" "the alignment asked for"
why --align 0 "$work/align.log"
expect "--align 0: then it was memory" "$(value cause)" = low-memory
why --base-pfn 0xff "$work/align.log"
expect "--base-pfn: then it was aligned" "$(value cause)" = low-memory

why "$work/align.log"
says "the size of a page is assumed, and that is said" "taken as 4 kB; see --page-size"
expect "and not in the JSON" "$(value page_size)" = null
why --page-size 64k "$corpus/nxp-slides.log"
says "--page-size: sizes are in it" "456 pages of 64 kB"
says "--page-size: the remedy's, too" "from 17920 to 17965 MiB (64 kB pages)"
expect "--page-size: JSON" "$(value page_size)" = 65536
expect "--page-size: nothing is assumed" "$(grep -c 'taken as 4 kB' "$work/out")" = 0

cat "$work/align.log" "$work/align.log" "$work/align.log" >"$work/thrice.log"
why "$work/thrice.log"
says "failures that are alike are told once" "1. came again, times: 2"
why --all "$work/thrice.log"
expect "--all tells each" "$(grep -c '350@1: first aligned page' "$work/out")" = 3

printf '[ 1.0][744:Bin\377\376] cma: cma_alloc: r\303: alloc failed, req-size: 9 pages, ret: -12\n' \
	>"$work/bytes.log"
why "$work/bytes.log"
expect "bytes that are no UTF-8 do not reach the JSON" \
	"$(iconv -f UTF-8 -t UTF-8 "$work/json" | grep -c -e '"area":"r?"' -e '"comm":"Bin??"')" = 2

: >"$work/empty"
why "$work/empty"
expect "an empty log is status 0" "$status" = 0
head -c 300000 /dev/urandom >"$work/noise"
why "$work/noise"
expect "noise is status 3" "$status" = 3
says "and said to be no log" "$work/noise is no text, so no kernel log" "$work/err"
expect "noise has no verdict" "$(wc -c <"$work/out")" = 0
cat "$corpus/nxp-slides.log" "$work/noise" >"$work/mixed"
why "$work/mixed"
expect "noise behind a log is no error" "$status" = 1
cat "$work/noise" "$corpus/nxp-slides.log" >"$work/mixed"
why "$work/mixed"
expect "nor is noise before a failure" "$status" = 1
{ printf '[ 1.0] \0\0\033[1mboot\033[0m\r\n'; seq 1000; } >"$work/serial"
why "$work/serial"
expect "a serial console may have odd bytes" "$status" = 0
gzip -c "$corpus/nxp-slides.log" >"$work/log.gz"
why "$work/log.gz"
expect "a compressed log is status 3" "$status" = 3
says "and what reads it is said" "is compressed (gzip): zcat FILE | cmascope why -" "$work/err"
expect "and in the JSON" "$(value error)" = \
	"$work/log.gz is compressed (gzip): zcat FILE | cmascope why -"
xz -c "$corpus/nxp-slides.log" >"$work/log.xz"
why - <"$work/log.xz"
says "on standard input, too" "standard input is compressed (xz): xzcat FILE" "$work/err"
printf 'cmatrace broken trace of some length' >"$work/broken"
why "$work/broken"
expect "a broken trace is status 3" "$status" = 3
why "$work/missing"
expect "a missing file is status 3" "$status" = 3
why --align 99 "$work/empty"
expect "a bad --align is status 2" "$status" = 2
why --page-size 5k "$work/empty"
expect "a bad --page-size is status 2" "$status" = 2
why --follow "$work/empty"
expect "--follow with a file is status 2" "$status" = 2
why --follow
expect "--follow with --json is status 2" "$status" = 2
why one two
expect "two files are status 2" "$status" = 2
why --kernel 6.12abc "$work/empty"
expect "a bad --kernel is status 2" "$status" = 2
why --kernel 6.12.117-rpi "$work/short.log"
expect "--kernel takes what uname -r prints" "$(value cause)" = busy

grep -v 'alloc failed' "$corpus/nxp-slides.log" >"$work/unnamed.log"
echo "cma: cma_alloc: alloc failed, req-size: 9 pages, ret: -12" >>"$work/unnamed.log"
why --area reserved "$work/unnamed.log"
expect "--area keeps failures that name no area" "$status" = 1
says "and says so" "the area: it is not named"

why "$work/missing"
expect "JSON says what failed" "$(value error)" = "cannot open $work/missing: No such file or directory"
expect "a source that cannot be read has not \"no failure\"" "$(wc -c <"$work/out")" = 0

# full DESCRIPTION OPTION...: standard output is full: status 3, and a message.
full() {
	what=$1
	shift
	status=0
	"$cmascope" "$@" >/dev/full 2>"$work/err" || status=$?
	expect "full disk, $what: status 3" "$status" = 3
	says "full disk, $what: is said" "No space left on device" "$work/err"
}

full "JSON" why --json - "$corpus/nxp-slides.log"
full "text" why "$corpus/nxp-slides.log"
full "help" why --help
full "completion" completion

for outputs in "--svg - --json -" "--png - --svg -" "--text --json -"; do
	status=0
	# shellcheck disable=SC2086 # a list
	"$cmascope" map $outputs >"$work/out" 2>"$work/err" || status=$?
	expect "map $outputs is status 2" "$status" = 2
done
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# cmascope why in a guest: failures that this kernel really had. Speaks TAP.
set -eu
# shellcheck source=userspace/tests/tap.sh
. "$(dirname "$0")/tap.sh"

cma=/sys/kernel/debug/cma/reserved
mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
if [ ! -d "$cma" ]; then
	echo "1..0 # SKIP no $cma: CONFIG_CMA_DEBUGFS=y, cma="
	exit 77
fi

# why OPTION...: run it; sets $status, leaves $work/out and $work/json.
why() {
	status=0
	cmascope why --json "$work/json" "$@" >"$work/out" 2>"$work/log" || status=$?
}

# says DESCRIPTION TEXT: a line of the output has TEXT.
says() {
	if grep -qF -- "$2" "$work/out"; then
		report "$1" 0
	else
		report "$1" 1 "$work/out"
	fi
}

# take PAGES: allocate from the area; the kernel keeps what was taken until free.
take() { echo "$1" >"$cma/alloc" 2>/dev/null; }

why
expect "no failure yet is status 0" "$status" = 0

# Too large: nothing is printed before 6.15, and nothing may be made up.
if take $(($(cat "$cma/count") + 1)); then
	report "a request larger than the area fails" 1
else
	report "a request larger than the area fails" 0
fi

# debugfs asks without alignment, so all that is free in one piece can be taken.
most=$(cat "$cma/maxchunk")
take "$((most - 100))"
take 300 || true
why
expect "a failure is status 1" "$status" = 1
# Other runs may be free too, each too short.
free=$(value free_pages)
if [ "$free" -lt 300 ]; then want=full; else want=fragmented; fi
expect "its cause is found in the kernel's log" "$(value cause)" = "$want"
expect "its size" "$(value count)" = 300
expect "the kernel counted no other" "$(value failed_pages)" = ""
expect "and it counts" "$(cat /sys/kernel/mm/cma/reserved/alloc_pages_fail)" = 300
expect "its area" "$(value area)" = reserved
expect "all runs are known" "$(value runs_known)" = all
expect "the place of the area is known from the boot" \
	"$(value base_pfn)" = "$(cat "$cma/base_pfn")"

dmesg >"$work/dmesg"
why --align 0 "$work/dmesg"
expect "dmesg says the same" "$(value count)" = 300

why live --align 0
says "live: it is no better now" "the same request would find no place"
echo "$((most - 100))" >"$cma/free"
why live --align 0
says "live: after a release it would be" "the same request would find a place"
finish

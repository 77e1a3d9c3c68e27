#!/bin/sh
# SPDX-License-Identifier: MIT
# In an idle guest with an area of 64 MiB (scripts/vm --no-vdc --cma 64): the simulated CMA area and the
# kernel's do the same, and a simulator whose alignment is off by one is caught. Speaks TAP.
set -eu
# shellcheck source=tap.sh
. "$(dirname "$0")/tap.sh"

program=build/$ARCH/user/userspace/tests/cma-agree
[ -x "$program" ] || { echo "1..0 # SKIP no $program"; exit 77; }

# agree OPTION...: runs the program; sets $status, leaves $work/log.
agree() {
	status=0
	"$program" "$@" >"$work/log" 2>&1 || status=$?
	sed 's/^[^#]/# &/' "$work/log"
	if [ "$status" = 77 ]; then
		echo "1..0 # SKIP no such area here"
		exit 77
	fi
}

agree --operations "${CMA_OPERATIONS:-10000}" --seed "${CMA_SEED:-1}"
report "the simulator and the kernel: 0 differences" "$status"
agree --operations 400 --skew 1
expect "an alignment off by one is seen" "$status" = 1
report "an alignment off by one is seen as differences" \
	"$(grep -q '^not ok 2' "$work/log" && echo 0 || echo 1)"
agree --operations 400 --seed 2
report "the area is as it was: it agrees again" "$(grep -q '^ok 2' "$work/log" && echo 0 || echo 1)"
finish

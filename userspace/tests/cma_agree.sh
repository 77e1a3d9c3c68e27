#!/bin/sh
# SPDX-License-Identifier: MIT
# In an idle guest with an area of 64 MiB (scripts/vm --no-vdc --cma 64): the simulated CMA area and the
# kernel's do the same, a simulator whose alignment is off by one is caught, and a recording replays as
# it was. Speaks TAP.
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

# The same through a recording: what failed there fails in the replay, and nothing else.
cmascope record --output "$work/trace" -- "$program" --operations 1500 --seed 3 >"$work/log" 2>&1 || true
report "recorded" "$(grep -q '^ok 2' "$work/log" && echo 0 || echo 1)" "$work/log"
cmascope replay --size 16384 --json "$work/json" "$work/trace" >"$work/log" 2>&1 || true
sed 's/^/# /' "$work/log"
expect "replayed: lost events, unknown releases" "$(value lost_events) $(value unknown_releases)" = "0 0"
expect "replayed: failures there were" "$(value failed_in_recording)" -ge 100
expect "replayed: the same failures" "$(value failures)" = "$(value failed_in_recording)"
finish

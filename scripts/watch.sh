# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Progress of a run that ages a guest; sourced, after cache.sh.

# watch PID JOURNAL BURSTS: what the journal tells while the process runs; a line for each of some 24 steps,
# on a terminal one line.
watch() {
	local line burst=-1 failures=0 told=-1 bursts=$3 step=$((($3 + 23) / 24)) begun=$SECONDS
	while IFS= read -r line; do
		[[ $line != *'"what":"allocation"'* || $line == *'"error":0'* ]] || failures=$((failures + 1))
		[[ $line =~ '"burst":'([0-9]+) ]] || continue
		[ "${BASH_REMATCH[1]}" -gt "$burst" ] || continue
		burst=${BASH_REMATCH[1]}
		if [ -t 2 ]; then
			printf '\r%s: burst %d of %d, %d allocations failed so far, %d s ' "${0##*/}" \
				$((burst + 1)) "$bursts" "$failures" $((SECONDS - begun)) >&2
		elif [ $((burst / step)) -gt "$told" ]; then
			told=$((burst / step))
			say "burst $((burst + 1)) of $bursts, $failures allocations failed so far," \
				"$((SECONDS - begun)) s"
		fi
	done < <(tail -n +1 -f --pid="$1" "$2" 2>/dev/null)
	[ ! -t 2 ] || echo >&2
}

# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# For the tests of programs in a guest: TAP lines, values out of JSON, a run of vdc-flip.

n=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# report DESCRIPTION STATUS [FILE]: a result; FILE is shown when it failed.
report() {
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
		return
	fi
	failed=1
	echo "not ok $n - $1"
	[ -z "${3:-}" ] || sed 's/^/# /' "$3"
}

# expect DESCRIPTION TEST-ARGUMENT...: a result by test(1); all that is known is shown on failure.
expect() {
	description=$1
	shift
	if [ "$@" ]; then
		report "$description" 0
	else
		{ echo "[ $* ] is not so"; cat "$work/json" "$work/log"; } >"$work/all" 2>/dev/null || true
		report "$description" 1 "$work/all"
	fi
}

# value NAME: a member of the last run's JSON, the first of that name.
value() {
	sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}\$/\1/p" "$work/json" | head -n 1
}

# shellcheck disable=SC2034 # status is for the script that reads this
# flip OPTION...: run vdc-flip; sets $status, leaves $work/json and $work/log.
flip() {
	status=0
	rm -f "$work/json"
	vdc-flip --quiet --json "$work/json" "$@" >"$work/log" 2>&1 || status=$?
}

# finish: the plan, and the exit status.
finish() {
	echo "1..$n"
	exit "$failed"
}

#!/bin/bash
# SPDX-License-Identifier: MIT
# What bash completes of cmascope: the printed completion is sourced and asked. Speaks TAP.
set -eu

[ $# = 1 ] || {
	echo "Usage: userspace/tests/completion.sh PATH_OF_CMASCOPE" >&2
	exit 2
}
cmascope=$(realpath "$1")
export LC_ALL=C
# shellcheck source=userspace/tests/tap.sh
. "$(dirname "$0")/tap.sh"

"$cmascope" completion >"$work/completion"
# shellcheck source=/dev/null
. "$work/completion"
mkdir "$work/here"
cd "$work/here"
touch "a log.txt" live-now

# asked WORD...: ask for the last word, as bash would; the replies, in order, between commas.
asked() {
	COMP_WORDS=(cmascope "$@")
	COMP_CWORD=$#
	COMPREPLY=(stale)
	_cmascope
	[ ${#COMPREPLY[@]} = 0 ] || printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd ';'
}

# gives REPLIES WORD...
gives() {
	local replies=$1 got
	shift
	got=$(asked "$@")
	echo "$* gives \"$got\"" >"$work/log"
	report "cmascope $*: \"$replies\"" "$([ "$got" = "$replies" ]; echo $?)" "$work/log"
}

report "bash is told of it" "$(complete -p cmascope | grep -q -- '-F _cmascope'; echo $?)"
"$cmascope" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | sort >"$work/commands"
expect "commands: there are some" "$(wc -l <"$work/commands")" -ge 7
gives "--help;--version;$(paste -sd ';' "$work/commands")" ""
gives "record;replay;report" re
gives "--version" --v
while read -r command; do
	"$cmascope" "$command" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p' | sort >"$work/options"
	gives "$(paste -sd ';' "$work/options")" "$command" --
done <"$work/commands"
gives "--align;--all;--area" why --a
gives "" unknown --

gives "live;live-now" why li
gives "live;live-now" why --all li
gives "live-now" report li
gives "a log.txt" why a
gives "a log.txt" why --json a
gives "a log.txt" map --root a
gives "" why --area li

gives "best-fit;first-fit;next-fit;two-ends" replay --policy ""
gives "next-fit" replay --policy n
gives "first-fit,best-fit" replay --policy first-fit,b
gives "first-fit,two-ends,next-fit" replay --policy first-fit,two-ends,n
gives "two-ends" replay --policy = t
gives "best-fit;first-fit;next-fit;two-ends" replay --policy =
gives "imx6" replay --workload i
gives "16k;4k;64k" why --page-size ""
gives "64k" why --page-size 6

# Each word that completes is taken.
for policy in $(asked replay --policy "" | tr ';' ' '); do
	status=0
	"$cmascope" replay --workload loop56 --allocations 2 --runs 1 --policy "$policy" \
		>"$work/log" 2>&1 || status=$?
	expect "replay --policy $policy" "$status" = 0
done
finish

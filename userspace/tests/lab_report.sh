#!/bin/sh
# SPDX-License-Identifier: MIT
# vdc-lab-report on journals made up, of which the truth is known (lab_synth.c), and its page in a real
# browser: it needs nothing from elsewhere, fits a phone, and gives no errors. Speaks TAP.
set -eu

[ $# = 1 ] || { echo "Usage: userspace/tests/lab_report.sh BUILD_DIRECTORY" >&2; exit 2; }
build=$1
here=$(dirname "$0")
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=userspace/tests/browser.sh
. "$here/browser.sh"

# run JOURNAL...: report on it; sets $status, leaves report.html, report.json, ktap and junit.
run() {
	status=0
	(cd "$work" && "$build/userspace/vdc-lab-report" --ktap --junit junit "$@" >ktap 2>log) || status=$?
}

# json EXPRESSION: whether it is true of the last report, "r".
json() {
	python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); sys.exit(not eval("(%s)" % sys.argv[2]))' \
		"$work/report.json" "$1"
}

# synth NAME ARGUMENT...: a journal.
synth() {
	name=$1
	shift
	"$build/userspace/tests/lab-synth" "$@" >"$work/$name"
}

case $build in /*) ;; *) build=$PWD/$build ;; esac

synth right 24 1
run right
is "all holds: status 0" test "$status" = 0
is "all that was shown and checked" json 'r["frames"] == 28800 and r["missed"] == 2 and
	(r["torn"], r["lost"], r["crc_mismatches"]) == (0, 0, 0) and r["buffers"]["checked"] == 720 and
	r["events"] == {"modesets": 48, "unplugs": 24, "kills": 24}'
is "where it comes from" json 'r["seed"] == 1 and r["profile"] == "mixed" and r["complete"] and
	r["clock"] == "icount" and 23 * 3600 < r["virtual_seconds"] < 23.1 * 3600'
is "what contenders tried and got" json '[(c["allocations"], c["failures"]) for c in
	map(r["contenders"].get, ("vdc", "plain", "buddy-10", "buddy-11"))] ==
	[(96, 0), (96, 12), (96, 48), (96, 96)] and r["contenders"]["plain"]["success"] == 0.875'
is "contenders stand in the lab's order" json 'list(r["contenders"])[:3] == ["vdc", "plain", "heap-cma"]'
is "times of those that succeeded" json '2e5 < r["contenders"]["vdc"]["p50_ns"] < 2e6 and
	r["contenders"]["vdc"]["p50_ns"] <= r["contenders"]["vdc"]["p99_ns"] <= r["contenders"]["vdc"]["max_ns"]
	and r["contenders"]["buddy-11"]["p50_ns"] is None'
is "success over uptime" json 'r["contenders"]["plain"]["over_time"]["success"] == [1] * 12 + [0.75] * 12'
is "failures are grouped by cause" json 'r["causes"] == {"plain": {"busy": 4, "fragmented": 8}} and
	sorted(f["count"] for f in r["failures"]) == [4, 8]'
is "aged" json '[r["aged"][name] for name in ("order", "success_first", "success_last", "order_11_success")] ==
	[10, 1, 0, 0] and len(r["aged"]["unusable"]) == 11'
is "nothing leaked" json 'set(r["leaks"].values()) == {0}'
is "what aged it" json 'len(r["profiles"]) == 6 and r["profiles"]["files"]["bursts"] == 24 and
	r["aged"]["filled_kb"] == 410000 and r["profiles"]["pins"]["killed"] == 1 and
	r["profiles"]["camera"]["skipped"] == "no vivid <here>"'
is "wake-ups by what went on" json 'r["wakeup"]["cma"]["count"] == 48000 and
	r["wakeup"]["cma"]["max_ns"] > r["wakeup"]["other"]["max_ns"]'
is "what counters grew by" json 'r["pressure"]["stalls"] == 47 * 5 and r["pressure"]["compact_stalls"] == 0'
is "complaints" json '[c["reproduced"] for c in r["complaints"]] == [True, False]'
is "KTAP: eleven cases" grep -q '^1\.\.11$' "$work/ktap"
isnt "KTAP: none failed" grep -q '^not ok' "$work/ktap"
is "aged: order 11 is told beside it" json '[c["message"] for c in r["checks"] if c["name"] == "aged"] ==
	["order 10 succeeds in 100 % in the first third, in 0 % in the last; order 11 is above what the kernel has"]'
is "JUnit is XML" python3 -c 'import sys, xml.etree.ElementTree as t
s = t.parse(sys.argv[1]).getroot()[0]; assert (s.get("tests"), s.get("failures")) == ("11", "0")' "$work/junit"
cp "$work/report.html" "$work/one.html"

# flaw NAME CASE: what is wrong is found, and nothing else.
flaw() {
	synth "$1" 24 1 "$1"
	run "$1"
	is "$1: status 1" test "$status" = 1
	is "$1: the check that failed" test "$(sed -n 's/^not ok [0-9]* .*: //p' "$work/ktap")" = "$2"
	is "$1: JUnit says so" grep -q "name=\"$2\"><failure" "$work/junit"
}
flaw torn "no torn frames"
is "torn: where" grep -q '1 torn of 28800 frames, first in burst 1$' "$work/ktap"
flaw mismatch "no CRC mismatches"
flaw wrong "no wrong contents"
flaw leak "no leaks"
is "leak: of what" json 'r["leaks"]["cma_used_pages"] == 2048 and r["leaks"]["dmabufs"] == 1 and r["leaks"]["fds"] == 0'
flaw young aged
synth short 5 1
run short
is "too short to age: says nothing" grep -q 'aged # SKIP too short' "$work/ktap"
flaw killed "programs ended well"
is "killed: which" grep -q '^# age ended with status 137' "$work/ktap"
flaw dead complete
is "dead: as far as it came" json 'not r["complete"] and r["leaks"] is None and r["frames"] == 28800 and
	r["journal"]["cut"] and r["journal"]["garbage"] == 0'
is "dead: said on the page" grep -q 'ended early' "$work/report.html"

synth noise 24 1 noise
run noise
is "noise on the line does no harm" test "$status" = 0
is "noise is counted" json 'r["journal"]["garbage"] == 3 and r["frames"] == 28800'
is "two records in a line are two" json 'r["events"]["modesets"] == 348'
synth strange 24 1 strange
run strange
is "what nobody expects does no harm" test "$status" = 0
is "it is counted" json 'r["journal"]["unknown"] == 3 and r["journal"]["absurd"] == 1 and r["frames"] == 28800'
is "KTAP stays in lines" test "$(grep -c '^ok [0-9]' "$work/ktap")" = 11
is "JUnit stays XML" python3 -c 'import sys, xml.etree.ElementTree as t; t.parse(sys.argv[1])' "$work/junit"
isnt "names are text, never markup" grep -qE '<script|<i>|</script' "$work/report.html"
isnt "no control characters" grep -q "$(printf '\001')" "$work/report.html" "$work/junit" "$work/ktap"
is "names are there" grep -q '&lt;script&gt;alert' "$work/report.html"

synth month 720 7
run right month
is "two runs" json 'len(r["runs"]) == 2 and r["totals"]["frames"] == 28800 + 864000 and r["totals"]["complete"] == 2'
is "a month in 90 columns of eight bursts" json 'r["runs"][1]["over_time"]["bursts_per_column"] == 8 and
	len(r["runs"][1]["over_time"]["map"]) == 90'
is "nothing of it is lost" json 'r["runs"][1]["contenders"]["vdc"]["allocations"] == 2880'
is "the page is small" test "$(wc -c <"$work/report.html")" -lt 500000
cp "$work/report.html" "$work/two.html"
isnt "two runs of one profile: no verdict on all" grep -q '^ok .*all 2 runs: plain fails in two profiles$' "$work/ktap"
is "it is skipped" grep -q '^ok 23 all 2 runs: plain fails in two profiles # SKIP' "$work/ktap"
sed '1s/"mixed"/"desktop"/' "$work/right" >"$work/desktop"
run right desktop
is "two profiles: all holds" test "$status" = 0
is "what they got" json '[r["by_profile"][p]["plain"] for p in ("mixed", "desktop")] ==
	[{"allocations": 96, "failures": 12, "success": 0.875}] * 2'
is "all runs are judged" grep -q '<testsuite name="vdc-lab: all 2 runs" tests="1" failures="0"' "$work/junit"
is "a row for each profile" test "$(grep -cE '^<tr><td>(mixed|desktop)</td>(<td[^>]*>[0-9.]+ %</td>){7}</tr>$' \
	"$work/report.html")" = 2
sed 's/"contender":"plain","pages":2025\(.*\)"error":-12/"contender":"plain","pages":2025\1"error":0/' \
	"$work/desktop" >"$work/unhurt"
run right unhurt
is "one in which plain never fails: status 1" test "$status" = 1
is "said" grep -q '^not ok 23 all 2 runs: plain fails in two profiles' "$work/ktap"
cat "$work/dead" "$work/right" >"$work/again"
run again
is "a second start is a second run" json 'len(r["runs"]) == 2 and [x["complete"] for x in r["runs"]] == [False, True]'
: >"$work/empty"
run empty
is "an empty journal: status 1, and a page" test "$status" = 1 -a -s "$work/report.html"
run missing
is "no journal: status 3" test "$status" = 3
run
is "none named: status 2" test "$status" = 2
is "the command that repeats it" grep -q '<pre>scripts/lab --profile mixed --seed 1 --hours 24 --period 3600 --burst 20' \
	"$work/one.html"
run right --command 'make lab & more'
is "another command" grep -q '<pre>make lab &amp; more</pre>' "$work/report.html"
mkdir "$work/directory"
run right -o directory
is "into a directory: page and JSON" test "$(echo "$work"/directory/*)" = \
	"$work/directory/report.html $work/directory/report.json"
run right -o /dev/full
is "a full disk: status 3" test "$status" = 3

for page in one two; do
	isnt "$page: nothing from elsewhere" grep -qE '(https?:)?//[a-z]|<link|<script|@import|url\(|<img|<iframe' \
		"$work/$page.html"
done
need_browser
for page in one two; do
	for width in 320 400 1200; do
		title=$(title_at $width "$work/$page.html" 'document.querySelectorAll("svg").length')
		echo "# $page at $width: $title"
		is "$page at $width px: nothing is wider than the screen" test "${title%% *}" = "width=$width"
		is "$page at $width px: pictures" test "${title##* }" -gt 20
	done
	browse --enable-logging=stderr --v=0 --dump-dom "file://$work/$page.html" >/dev/null
done
isnt "no message on the console" grep -q 'CONSOLE' "$work/browser.log"
browse --window-size=1200,900 --screenshot="$work/page.png" "file://$work/one.html"
is "a picture" test -s "$work/page.png"
finish

#!/bin/sh
# SPDX-License-Identifier: MIT
# The page of `cmascope report`, in a real browser: it needs nothing from elsewhere, fits a phone, and
# gives no errors. Speaks TAP.
set -eu

[ $# = 1 ] || { echo "Usage: userspace/tests/cma_report.sh BUILD_DIRECTORY" >&2; exit 2; }
build=$1
here=$(dirname "$0")
# shellcheck source=userspace/tests/tap.sh
. "$here/tap.sh"
# shellcheck source=userspace/tests/browser.sh
. "$here/browser.sh"

scope=$build/userspace/cmascope
page=$work/report.html
"$build/userspace/tests/cma-synth" "$work/trace"
"$scope" report "$work/trace" -o "$page" --json "$work/json"
mkdir -p "$work/root/proc"
is "a trace's page" test -s "$page"
is "JSON, which another program reads" python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$work/json"
isnt "nothing from elsewhere" grep -qE '(https?:)?//[a-z]|<link|<script|@import|url\(|<img|<iframe' "$page"
isnt "names are text, never markup" grep -qE '<b(>|&gt;)&|<i(>|&gt;)reserved|</script' "$page"
is "names are there" grep -q '&lt;i&gt;reserved' "$page"
is "failures have causes" grep -q 'fragmented' "$page"
is "as JSON, too" grep -q '"cause":"fragmented"' "$work/json"
"$scope" report --root "$work/root" -o "$work/empty.html" 2>/dev/null
is "a machine of which nothing is known has a page" grep -q '</html>' "$work/empty.html"

"$build/userspace/tests/cma-synth" "$work/large.trace" 65536
"$scope" report "$work/large.trace" -o "$work/large.html"
is "pages of 64 kB: the area's size" grep -q '1024 MiB' "$work/large.html"
is "pages of 64 kB: a remedy's" grep -q '(64 kB pages)' "$work/large.html"
is "pages of 64 kB: replayed" sh -c '"$1" replay "$2" --size 1G | grep -q "^ *1024.0"' - "$scope" "$work/large.trace"

need_browser
rects='document.querySelectorAll("svg rect").length + Array.from(document.querySelectorAll(".film path"), function (p) {
	return p.getAttribute("d").split("M").length - 1; }).reduce(function (a, b) { return a + b; }, 0)'
for width in 320 390 1280; do
	title=$(title_at $width "$page" "$(echo "$rects" | tr '\n' ' ')")
	echo "# at $width: $title"
	is "$width px: nothing is wider than the screen" test "${title%% *}" = "width=$width"
	is "$width px: pictures" test "${title##* }" -gt 100
done
browse --enable-logging=stderr --v=0 --dump-dom "file://$page" >/dev/null
isnt "no message on the console" grep -q 'CONSOLE' "$work/browser.log"
for size in 390,844 1280,900; do
	browse --window-size=$size --screenshot="$work/$size.png" "file://$page"
	is "a picture at $size" test -s "$work/$size.png"
done
finish

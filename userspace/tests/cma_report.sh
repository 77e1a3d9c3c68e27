#!/bin/sh
# SPDX-License-Identifier: MIT
# The page of `cmascope report`, in a real browser: it needs nothing from elsewhere, fits a phone, and
# gives no errors. Speaks TAP.
set -eu

[ $# = 1 ] || { echo "Usage: userspace/tests/cma_report.sh BUILD_DIRECTORY" >&2; exit 2; }
build=$1 n=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

report() {
	n=$((n + 1))
	if [ "$2" = 0 ]; then echo "ok $n - $1"; else echo "not ok $n - $1"; failed=1; fi
}

# is DESCRIPTION COMMAND...: a result by a command's status.
is() {
	description=$1
	shift
	if "$@"; then report "$description" 0; else report "$description" 1; fi
}

# isnt DESCRIPTION COMMAND...: the other way round.
isnt() {
	description=$1
	shift
	if "$@"; then report "$description" 1; else report "$description" 0; fi
}

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

# What follows "=" in the title that a script of the test's own wrote into a copy of the page. Firefox
# and others have no such option; the page is the same for them.
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
	n=$((n + 1))
	echo "ok $n - in a browser # SKIP no chromium: scripts/deps test"
	echo "1..$n"
	exit $failed
fi
browse() {
	HOME=$work timeout 90 "$browser" --headless --no-sandbox --disable-gpu --no-first-run \
		--hide-scrollbars --disable-dev-shm-usage --disable-background-networking \
		--user-data-dir="$work/profile" "$@" 2>>"$work/browser.log"
}

sed 's|</html>|<script>document.querySelectorAll("details").forEach(function (d) { d.open = true; });\
	document.title = "width=" + document.documentElement.scrollWidth + " rects=" +\
	(document.querySelectorAll("svg rect").length +\
	Array.from(document.querySelectorAll(".film path"), function (p) {\
	return p.getAttribute("d").split("M").length - 1; }).reduce(function (a, b) { return a + b; }, 0));</script>&|' "$page" >"$work/probe.html"
# An iframe is as narrow as it is told; windows of headless browsers are not.
for width in 320 390 1280; do
	cat >"$work/frame.html" <<-END
		<!DOCTYPE html><title>-</title><iframe id="f" src="probe.html" style="width:${width}px;height:800px;border:0"></iframe>
		<script>f.onload = function () { document.title = f.contentDocument.title; };</script>
	END
	title=$(browse --allow-file-access-from-files --virtual-time-budget=3000 --window-size=1400,900 \
		--dump-dom "file://$work/frame.html" | sed -n 's|.*<title>\([^<]*\)</title>.*|\1|p')
	echo "# at $width: $title"
	is "$width px: nothing is wider than the screen" test "${title%% *}" = "width=$width"
	is "$width px: pictures" test "$(echo "$title" | sed -n 's/.*rects=//p')" -gt 100
done
browse --enable-logging=stderr --v=0 --dump-dom "file://$page" >/dev/null
isnt "no message on the console" grep -q 'CONSOLE' "$work/browser.log"
for size in 390,844 1280,900; do
	browse --window-size=$size --screenshot="$work/$size.png" "file://$page"
	is "a picture at $size" test -s "$work/$size.png"
done
echo "1..$n"
exit $failed

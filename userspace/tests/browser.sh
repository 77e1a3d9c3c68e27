# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154
# For the tests of pages, with tap.sh read before: results by a command's status, and a real browser.

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

# need_browser: ends the test, with a skip, where there is none. Firefox and others have no such options;
# the page is the same for them.
need_browser() {
	browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
	[ -z "$browser" ] || return 0
	n=$((n + 1))
	echo "ok $n - in a browser # SKIP no chromium: scripts/deps test"
	finish
}

browse() {
	HOME=$work timeout 90 "$browser" --headless --no-sandbox --disable-gpu --no-first-run \
		--hide-scrollbars --disable-dev-shm-usage --disable-background-networking \
		--user-data-dir="$work/profile" "$@" 2>>"$work/browser.log"
}

# title_at WIDTH PAGE EXPRESSION: "width=N N" with the page's own width in a window of WIDTH px, and the
# value of a JavaScript expression, when everything in it is unfolded.
title_at() {
	sed "s|</html>|<script>document.querySelectorAll('details').forEach(function (d) { d.open = true; });\
		document.title = 'width=' + document.documentElement.scrollWidth + ' ' + ($3);</script>&|" \
		"$2" >"$work/probe.html"
	# An iframe is as narrow as it is told; windows of headless browsers are not.
	cat >"$work/frame.html" <<-END
		<!DOCTYPE html><title>-</title><iframe id="f" src="probe.html" style="width:${1}px;height:800px;border:0"></iframe>
		<script>f.onload = function () { document.title = f.contentDocument.title; };</script>
	END
	browse --allow-file-access-from-files --virtual-time-budget=3000 --window-size=1400,900 \
		--dump-dom "file://$work/frame.html" | sed -n 's|.*<title>\([^<]*\)</title>.*|\1|p'
}

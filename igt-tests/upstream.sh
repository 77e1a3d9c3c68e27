#!/bin/sh
# SPDX-License-Identifier: MIT
# Run upstream IGT's test programs against VDC; TAP on stdout, one line a subtest, each skip with its
# reason. A subtest that warns has failed, and so has the run if the kernel warns. Runs in a guest. IGT_TESTS is a directory with the programs (or an installation's root); by
# default what scripts/vm --share igt=DIR brought. Libraries are taken from a lib directory beside it,
# if there is one.
#
#   igt-tests/upstream.sh [PROGRAM]...
set -u

# Display programs that make sense without a GPU.
programs="core_auth core_getversion core_setmaster drm_read dumb_buffer
	kms_addfb_basic kms_atomic kms_flip kms_getfb kms_pipe_crc_basic kms_prop_blob
	kms_properties kms_rmfb kms_setmode kms_universal_plane kms_vblank kms_cursor_crc
	kms_plane_cursor kms_writeback kms_prime"
# Of kms_flip: hang tests inject hangs into an engine that VDC does not have, and the guest's suspend
# is tested elsewhere.
unwanted='(^|-)(suspend|hang)(-|$)'
limit=${IGT_TIMEOUT:-180}

IGT_TESTS=${IGT_TESTS:-/run/share/igt}
dir=$IGT_TESTS
if [ ! -d "$dir" ]; then
	echo "1..0 # SKIP IGT_TESTS is not set to a directory with upstream IGT's test programs"
	exit 77
fi
for sub in "$dir/libexec/igt-gpu-tools" "$dir/tests"; do
	[ ! -x "$sub/kms_vblank" ] || dir=$sub
done
for lib in "$IGT_TESTS/lib" "$dir/../lib" "$dir/../../lib"; do
	[ ! -d "$lib" ] || export LD_LIBRARY_PATH="$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done
export IGT_FORCE_DRIVER="${IGT_FORCE_DRIVER:-vdc}"
[ $# = 0 ] || programs=$*

number=0 failed=0

# tap PROGRAM SUBTEST STATUS: read the subtest's output, print its TAP line, and what it said when
# it failed. Dynamic subtests are results of their own.
tap() {
	awk -v program="$1" -v subtest="$2" -v status="$3" -v number="$number" '
	function line(name, word, reason) {
		number++
		if (warned && word == "SUCCESS")
			word = "WARN"
		warned = 0
		bad = word != "SUCCESS" && word != "SKIP"
		failed += bad
		printf "%s %d - %s@%s%s\n", bad ? "not ok" : "ok", number, program, name,
			word == "SKIP" ? " # SKIP " reason : bad ? " # " word : ""
		if (bad)
			printf "%s", said
		said = ""
	}
	{ gsub(/\033\[[0-9;]*m/, "") }
	/^\([^)]*:[0-9]+\) ([^ ]*-)?WARNING: / { warned = 1 }
	/^Test requirement: / { sub(/^Test requirement: /, ""); reason = $0; explain = 1; next }
	explain { explain = 0; if (!/^Last errno/) reason = reason ": " $0; next }
	/^Test requirement not met/ { reason = $0; next }
	/^No dynamic tests executed/ { reason = "no dynamic subtest" (before == "" ? "" : ": " before); next }
	!/^(IGT-Version|Using |Opened |Starting |Subtest )/ { before = $0 }
	/^Dynamic subtest [^ ]+: [A-Z]+ / {
		name = $3; sub(/:$/, "", name)
		line(subtest "@" name, $4, reason); dynamic++
		next
	}
	/^Subtest [^ ]+: [A-Z]+ / { word = $3; next }
	/^SUCCESS \(|^SKIP \(|^FAIL \(/ { if (word == "") word = $1; next }
	lines < 60 { said = said "#   " $0 "\n"; lines++ }
	END {
		if (word == "")
			word = status == 0 ? "SUCCESS" : status == 77 ? "SKIP" : status == 124 ? "TIMEOUT" : "CRASH"
		if (!dynamic || (word != "SUCCESS" && word != "SKIP" && !failed))
			line(subtest, word, reason == "" ? "no reason given" : reason)
		print number, failed + 0 >"/run/tap-count"
	}' /run/igt-output
	read -r number bad </run/tap-count
	failed=$((failed + bad))
}

# run PROGRAM SUBTEST [OPTION]...
run() {
	program=$1 subtest=$2
	shift 2
	timeout -k 5 "$limit" "$dir/$program" "$@" >/run/igt-output 2>&1 </dev/null
	tap "$program" "$subtest" $?
}

# kernel_warnings SECONDS: what the kernel logged since then as a warning or worse.
kernel_warnings() {
	dd if=/dev/kmsg iflag=nonblock bs=8192 2>/dev/null |
		awk -F '[,;]' -v since="$1" '/^[0-9]+,[0-9]+,[0-9]+/ && $1 % 8 <= 4 && $3 / 1e6 > since {
			sub(/^[^;]*;/, ""); print "#   " $0 }'
}

read -r started _ </proc/uptime
for program in $programs; do
	if [ ! -x "$dir/$program" ]; then
		number=$((number + 1))
		echo "ok $number - $program # SKIP not in $IGT_TESTS"
		continue
	fi
	subtests=$("$dir/$program" --list-subtests 2>/dev/null)
	[ "$program" != kms_flip ] || subtests=$(echo "$subtests" | grep -vE "$unwanted")
	if [ -z "$subtests" ]; then
		run "$program" all
		continue
	fi
	for subtest in $subtests; do
		run "$program" "$subtest" --run-subtest "$subtest"
	done
done
number=$((number + 1)) warnings=$(kernel_warnings "$started")
if [ -z "$warnings" ]; then
	echo "ok $number - the kernel did not warn"
else
	echo "not ok $number - the kernel did not warn"
	echo "$warnings"
	failed=$((failed + 1))
fi
echo "1..$number"
[ $failed = 0 ]

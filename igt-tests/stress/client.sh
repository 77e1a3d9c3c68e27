# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# For the stress tests: the client that flips, and TAP lines.

counts=/run/vdc-client.count
client=/vdc/build/$ARCH/user/igt-tests/vdc_client
failed=0 number=0

# shellcheck disable=SC2034 # failed is for the script that reads this
# result STATUS NAME [EXPLANATION]
result() {
	number=$((number + 1))
	if [ "$1" = 0 ]; then
		echo "ok $number - $2"
	else
		echo "not ok $number - $2"
		failed=1
	fi
	[ -z "${3:-}" ] || echo "# $3"
}

skip_all() {
	echo "1..0 # SKIP $*"
	exit 77
}

# flips, devices: what the client did so far.
flips() { read -r f _ <"$counts" && echo "$f"; }
devices() { read -r _ d <"$counts" && echo "$d"; }

# until_true SECONDS COMMAND...: poll until it is true.
until_true() {
	tries=$(($1 * 50))
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.02
	done
}

# shellcheck disable=SC2317 # until_true calls these
more_flips_than() { f=$(flips) && [ "${f:-0}" -gt "$1" ]; }
client_alive() { kill -0 "$client_pid" 2>/dev/null; }

# cma_used: pages taken from all CMA areas.
cma_used() { cat /sys/kernel/debug/cma/*/used | awk '{ n += $1 } END { print n + 0 }'; }

# client_start: a client that flips until client_end.
client_start() {
	echo 0 0 >"$counts"
	"$client" "$counts" &
	client_pid=$!
}

# client_end USED: a result: the client ended well, and USED pages of CMA areas are taken, as before.
client_end() {
	kill "$client_pid" 2>/dev/null
	wait "$client_pid"
	status=$?
	sleep 0.5
	# What was freed a moment ago may still be in the driver's pool.
	echo 2 >/proc/sys/vm/drop_caches
	after=$(cma_used)
	[ $status = 0 ] && [ "$after" = "$1" ]
	result $? "the client ended well and all contiguous memory came back" \
		"client's status $status, CMA pages used before $1, after $after"
}

[ -x "$client" ] || skip_all "no $client"

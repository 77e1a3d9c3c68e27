#!/bin/sh
# SPDX-License-Identifier: MIT
# Take the device, then the module, away under a client that flips; TAP on stdout. Runs in a guest,
# as root, with the driver loaded.
#
#   UNBIND_CYCLES=1000 RELOADS=200 igt-tests/stress/unplug.sh
set -u
# shellcheck source=igt-tests/stress/client.sh
. /vdc/igt-tests/stress/client.sh

cycles=${UNBIND_CYCLES:-1000}
reloads=${RELOADS:-200}
module=$(find "/vdc/build/$ARCH-$CONFIG/module" -name vdc.ko | head -n 1)

# shellcheck disable=SC2317 # until_true calls this
unloaded() { rmmod vdc 2>/dev/null; }

# slab: the number of objects of each cache, and of mappings of the kernel. What waits to be freed and
# what processors keep for themselves is settled first; lazily freed vmap areas do not count.
slab() {
	sleep 1
	for f in /sys/kernel/slab/*/shrink; do
		echo 1 >"$f"
	done 2>/dev/null
	# kmemleak_object is kmemleak's own book of all allocations, those of everybody else included.
	awk 'NR > 2 && $1 != "vmap_area" && $1 != "kmemleak_object" { print $1, $2 }' /proc/slabinfo
	echo "vmalloc $(grep -vc 'unpurged' /proc/vmallocinfo)"
}

# grown FILE CYCLES: caches with half an object a cycle more than FILE says. Processes come and go,
# and what they used is freed late: some hundred objects are no leak.
grown() {
	slab | awk -v old="$1" -v cycles="$2" '
		BEGIN { while ((getline line < old) > 0) { split(line, a, " "); n[a[1]] = a[2] } }
		$1 in n && $2 - n[$1] > cycles / 2 + 400 { printf "%s+%d ", $1, $2 - n[$1] }'
}

[ -n "$module" ] || skip_all "no vdc.ko of $ARCH-$CONFIG in build/"

# Drivers of our module, on whichever bus, and their devices.
bindings=''
for driver in /sys/bus/*/drivers/*; do
	[ "$(basename "$(readlink "$driver/module")")" = vdc ] || continue
	for device in "$driver"/*; do
		case ${device##*/} in module) continue ;; esac
		[ -L "$device" ] || continue
		bindings="$bindings $driver=${device##*/}"
	done
done
[ -n "$bindings" ] || skip_all "no device is bound to the driver"
# The first device is the one the client finds first.
first=${bindings# }
first=${first%% *}
driver=${first%=*} # /sys/bus/BUS/drivers/NAME
device=${first#*=}
echo "# device $device of ${driver#/sys/bus/}, $cycles unbinds, $reloads reloads"
echo "1..8"

before=$(cma_used)
client_start
until_true 20 more_flips_than 10
result $? "a client flips"

# A device that was taken away is gone, whatever its clients do. Every second time the client is
# waited for until it flips again; in between it is caught while it opens or sets its mode.
status=0 i=0 warm=$((cycles / 10 + 5))
while [ $i -lt "$cycles" ] && [ $status = 0 ]; do
	if [ $((i % 2)) = 0 ]; then
		f=$(flips)
		until_true 20 more_flips_than "${f:-0}" || status=1
	fi
	echo "$device" >"$driver/unbind" || status=2
	echo "$device" >"$driver/bind" || status=3
	client_alive || status=4
	i=$((i + 1))
	[ $i != $warm ] || slab >/run/slab
	[ $((i % 100)) != 0 ] || echo "# $i cycles, $(flips) flips on $(devices) devices"
done
result $status "$i bind/unbind cycles while the client flips" \
	"status $status: 1 no flips, 2 unbind, 3 bind failed, 4 the client died"

leaks=''
[ ! -e /run/slab ] || leaks=$(grown /run/slab $((i - warm)))
[ -z "$leaks" ]
result $? "no slab cache grew with the unbinds" "${leaks:-none}"

# In use the module stays; once its device is gone and the client has let go, it can leave.
f=$(flips)
until_true 20 more_flips_than "${f:-0}" && ! unloaded
result $? "the module cannot be unloaded while a client flips"

status=0 i=0
while [ $i -lt "$reloads" ] && [ $status = 0 ]; do
	f=$(flips)
	until_true 20 more_flips_than "${f:-0}" || status=1
	for b in $bindings; do
		echo "${b#*=}" >"${b%=*}/unbind" || status=2
	done
	until_true 20 unloaded || status=3
	insmod "$module" || status=4
	client_alive || status=5
	i=$((i + 1))
	[ $i != 10 ] || slab >/run/slab
	[ $((i % 20)) != 0 ] || echo "# $i reloads, $(flips) flips on $(devices) devices"
done
result $status "$i module reloads while the client flips" \
	"status $status: 1 no flips, 2 unbind, 3 rmmod, 4 insmod failed, 5 the client died"

leaks=''
[ $i -lt 20 ] || leaks=$(grown /run/slab $((i - 10)))
[ -z "$leaks" ]
result $? "no slab cache grew with the reloads" "${leaks:-none}"

f=$(flips)
until_true 20 more_flips_than "$((${f:-0} + 10))"
result $? "the client still flips" "$(flips) flips on $(devices) devices"

client_end "$before"
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# In a guest with vdc-virt-pool.dtso: buffers come from the controller's own
# pool and go back there. Prints TAP.
set -eu
# shellcheck source=../../userspace/tests/tap.sh
. "$(dirname "$0")/../../userspace/tests/tap.sh"

# pages NAME: a counter of the pool
pages() {
	cat "/sys/kernel/mm/cma/display-pool/$1"
}

# free: kB of CMA memory that is free
free() {
	awk '/^CmaFree/ { print $2 }' /proc/meminfo
}

vdc-load

status=0
set -- "$(dmesg | sed -n 's/.*created CMA memory pool at \(0x[0-9a-f]*\), size 64 MiB.*/\1/p')"
[ -n "$1" ] || status=1
report "the kernel makes a pool of 64 MiB of the node" $status
start=$1

status=0
[ "$(awk '/^CmaTotal/ { print $2 }' /proc/meminfo)" -eq 65536 ] || status=1
report "there is no other CMA area" $status /proc/meminfo

vdc-flip --frames 240 --buffers 3 --mode 1920x1080 --quiet --json /tmp/flip.json &
flip=$!
sleep 2
cat /sys/kernel/debug/dri/*/gem >/tmp/gem
status=0
wait $flip || status=1
grep -q '"result": "pass"' /tmp/flip.json || status=1
report "three 1920x1080 buffers are shown, each frame right" $status /tmp/flip.json

# Bus address, size, origin; bus addresses are physical here.
status=0
grep ' cma ' /tmp/gem >/tmp/cma || status=1
[ "$(grep -c '^0x' /tmp/gem)" -eq "$(wc -l </tmp/cma)" ] || status=1
while read -r address size _; do
	[ $((address)) -ge $((start)) ] && [ $((address + size)) -le $((start + 0x4000000)) ] || status=1
done </tmp/cma
report "they lie in the pool" $status /tmp/gem

before=$(pages release_pages_success)
vdc-load -r
status=0
[ "$(pages alloc_pages_success)" -eq "$(pages release_pages_success)" ] || status=1
report "without the driver all pages are back (before: $before)" $status

status=0
[ "$(pages alloc_pages_fail)" -eq 0 ] || status=1
report "no allocation failed; $(free) kB are free" $status

finish

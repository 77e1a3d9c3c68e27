#!/bin/sh
# SPDX-License-Identifier: MIT
# Pull the card out of its slot, and put it back, under a client that flips; TAP on stdout. Runs in a
# guest with --guest-qmp, as root, with the driver loaded and the device vdc0 in the PCI Express slot
# of the port slot0.
#
#   CYCLES=10 igt-tests/stress/hotplug_pci.sh
set -u
# shellcheck source=igt-tests/stress/client.sh
. /vdc/igt-tests/stress/client.sh

cycles=${CYCLES:-10}
driver=/sys/bus/pci/drivers/vdc

# qmp COMMAND ARGUMENTS: have QEMU do something; what else it says passes by.
qmp() {
	echo "{\"execute\": \"$1\", \"arguments\": {$2}}" >&3
	while read -r answer <&3; do
		case $answer in
		'{"return"'*) return 0 ;;
		'{"error"'*) echo "# $answer"; return 1 ;;
		esac
	done
}

# shellcheck disable=SC2317 # until_true calls these
card_is_out() { ! ls -d "$driver"/0000:* >/dev/null 2>&1; }

port=$(grep -lx qmp /sys/class/virtio-ports/*/name)
[ -n "$port" ] || skip_all "no QEMU to talk to: give --guest-qmp"
! card_is_out || skip_all "no card in the slot"
port=${port%/name}
exec 3<>"/dev/${port##*/}"
qmp qmp_capabilities ''
echo "1..4"

before=$(cma_used)
client_start
until_true 20 more_flips_than 10
result $? "a client flips"

status=0 i=0
while [ $i -lt "$cycles" ] && [ $status = 0 ]; do
	qmp device_del '"id": "vdc0"' || status=1
	until_true 60 card_is_out || status=2
	# QEMU lets go of the device some time after the guest has switched the slot off.
	until_true 20 qmp device_add '"driver": "vdc-pci", "id": "vdc0", "bus": "slot0"' >/dev/null || status=3
	f=$(flips)
	until_true 60 more_flips_than "$f" || status=4
	client_alive || status=5
	i=$((i + 1))
done
result $status "$i times out of the slot and back while the client flips" \
	"status $status: 1 device_del, 2 still bound, 3 device_add, 4 no flips, 5 the client died"

[ "$(devices)" = $((cycles + 1)) ]
result $? "the client was told of each" "$(flips) flips on $(devices) devices"

client_end "$before"
exit $failed

#!/bin/sh
# SPDX-License-Identifier: MIT
#
# In a guest with bad-nodes.dtso: the driver refuses each bad node with one
# clear line, and drives the good one. Prints TAP.
set -eu
# shellcheck source=../../userspace/tests/tap.sh
. "$(dirname "$0")/../../userspace/tests/tap.sh"

vdc-load
# What the driver core adds for some error codes is not the driver's.
dmesg | grep -v 'probe with driver vdc failed' >/tmp/dmesg

# check DESCRIPTION PATTERN COUNT: so many lines of the log match
check() {
	status=0
	[ "$(grep -Ec "$2" /tmp/dmesg)" -eq "$3" ] || status=1
	grep -E '\] vdc ' /tmp/dmesg >"$work/vdc" || true
	report "$1" $status "$work/vdc"
}

# refused NODE REASON: one line about NODE, an error, and it says why
refused() {
	check "$1: the log says why" "vdc [^ ]*$1: error -[0-9]+: .*$2" 1
	check "$1: and nothing else" "vdc [^ ]*$1" 1
}

refused no-registers 'no register window'
refused few-registers 'no register window'
refused no-interrupt 'IRQ|interrupt'
refused bad-pool 'memory-region'
refused no-controller 'ID register'
check "the good one is driven" 'Initialized vdc .* for b000000.display-controller' 1
finish

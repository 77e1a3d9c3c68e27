#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Print what the KUnit suites said when vdc-tests was loaded, as KTAP; run in a guest.
set -eu

dmesg | sed 's/^\[ *[0-9.]*\] \{0,1\}//' | awk '
	/^KTAP version/ { report = "" }
	/^ *(KTAP version|1\.\.|# |ok |not ok )/ { report = report $0 "\n" }
	END { printf "%s", report; exit report !~ /\nok [0-9]+ vdc_/ }'

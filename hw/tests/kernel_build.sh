#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later OR MIT
# Build the model as part of a kernel module, with that kernel's own flags and types, in a directory
# of its own that is removed afterwards. Speaks TAP.
set -eu

usage() {
	cat <<USAGE
Usage: hw/tests/kernel_build.sh KDIR...

KDIR are configured and prepared kernel build directories (scripts/kernel prints them). The
architecture is taken from each one's configuration; CC=clang in the environment builds with LLVM.
USAGE
}

case ${1:-} in
-h|--help) usage; exit ;;
'') usage >&2; exit 2 ;;
esac

hw=$(cd "$(dirname "$0")/.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# A module that holds the model and uses it, so that modpost sees what it wants from the kernel.
cp "$hw"/vdc_*.[ch] "$tmp"
cat >"$tmp/check_main.c" <<'SOURCE'
// SPDX-License-Identifier: GPL-2.0-or-later OR MIT
#include <linux/module.h>
#include "vdc_model.h"

static int __init check_init(void)
{
	return vdc_crc(0, "123456789", 9) == 0xe3069283 ? 0 : -EINVAL;
}

static void __exit check_exit(void)
{
}

module_init(check_init);
module_exit(check_exit);
MODULE_DESCRIPTION("Compiles the VDC controller model for the kernel");
MODULE_LICENSE("Dual MIT/GPL");
SOURCE
{
	echo "obj-m := vdc_model_check.o"
	echo "vdc_model_check-y := check_main.o \\"
	for source in "$hw"/vdc_*.c; do
		echo "	$(basename "$source" .c).o \\"
	done
	echo
	echo "ccflags-y += -Werror"
} >"$tmp/Kbuild"

echo "1..$#"
number=0 status=0
for kdir; do
	number=$((number + 1))
	name=$(basename "$kdir")
	options=(W=1)
	if [ ! -f "$kdir/.config" ]; then
		echo "not ok $number - $name: no configured kernel there"
		status=1
		continue
	fi
	if grep -q '^CONFIG_ARM64=y' "$kdir/.config"; then
		options+=(ARCH=arm64)
		[ "$(uname -m)" = aarch64 ] || options+=(CROSS_COMPILE=aarch64-linux-gnu-)
	else
		options+=(ARCH=x86_64)
	fi
	if grep -q '^CONFIG_CC_IS_CLANG=y' "$kdir/.config"; then
		options+=(LLVM=1)
	fi
	rm -f "$tmp"/*.o "$tmp"/*.ko "$tmp"/*.mod* "$tmp"/.*.cmd "$tmp/Module.symvers"
	if make -s -C "$kdir" M="$tmp" "${options[@]}" modules >"$tmp/log" 2>&1 &&
		[ -f "$tmp/vdc_model_check.ko" ] && ! grep -iq 'warning:' "$tmp/log"; then
		echo "ok $number - $name"
	else
		sed 's/^/# /' "$tmp/log"
		echo "not ok $number - $name"
		status=1
	fi
done
exit "$status"

#!/bin/bash
# SPDX-License-Identifier: MIT
# Compile the numbers of uapi_layout.c for machines of 32 and 64 bits, and see that a changed header
# does not pass. Speaks TAP.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tap.sh
. "$here/tap.sh"
top=$here/../..

# Nothing is linked, so a compiler alone will do; the kernel's headers are the same everywhere but
# for <asm/>, which is of no matter here.
asm=$(dirname "$(dirname "$(echo '#include <asm/ioctl.h>' | gcc -M -E - | grep -o '[^ ]*/asm/ioctl.h')")")
drm=$(pkg-config --cflags-only-I libdrm)

# name, compiler
compilers=(
	"x86_64, gcc|gcc -m64"
	"i386, gcc|gcc -m32"
	"x86_64, clang|clang --target=x86_64-linux-gnu"
	"i386, clang|clang --target=i386-linux-gnu"
	"arm, clang|clang --target=arm-linux-gnueabihf"
	"arm64, gcc|aarch64-linux-gnu-gcc"
)

# Changes that would break programs.
changes=(
	's/__u32 retained/__u64 retained/'
	's/__u64 size/__u32 size/'
	's/DRM_VDC_GEM_INFO	0x03/DRM_VDC_GEM_INFO	0x04/'
	's/MADV_DONTNEED	1/MADV_DONTNEED	2/'
)

# layout INCLUDE COMPILER: print what is wrong, or nothing.
layout() {
	local -a cc flags
	read -ra cc <<<"$2"
	read -ra flags <<<"$drm"
	"${cc[@]}" -std=gnu11 -Wall -Wextra -Werror -fsyntax-only "-I$1" "${flags[@]}" -isystem "$asm" \
		"$here/uapi_layout.c" 2>&1
}

for entry in "${compilers[@]}"; do
	name=${entry%%|*} compiler=${entry#*|}
	if ! command -v "${compiler%% *}" >/dev/null; then
		report "$name # SKIP no ${compiler%% *}" 0
		continue
	fi
	wrong=0
	layout "$top/uapi" "$compiler" >"$work/messages" || wrong=1
	report "layout and numbers, $name" $wrong "$work/messages"
done

mkdir "$work/drm"
for change in "${changes[@]}"; do
	sed "$change" "$top/uapi/drm/vdc_drm.h" >"$work/drm/vdc_drm.h"
	wrong=0
	echo "nobody noticed" >"$work/messages"
	if cmp -s "$top/uapi/drm/vdc_drm.h" "$work/drm/vdc_drm.h" || layout "$work" "gcc" >/dev/null; then
		wrong=1
	fi
	report "noticed: $change" $wrong "$work/messages"
done
finish

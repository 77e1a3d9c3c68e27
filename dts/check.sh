#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Check the binding and the overlays: the schema itself, each overlay applied
# to the device tree of QEMU's arm64 `virt` machine, and that the schema
# refuses what is wrong. Prints TAP.
#
# KSRC=DIR (a kernel tree) adds its hdmi-connector schema to the checks.
set -eu

cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

binding=bindings/display/vdc,display-1.0.yaml
overlays="vdc-virt.dtso examples/vdc-virt-pool.dtso"
# An overlay cannot see the interrupt-parent that its nodes inherit.
dtc_flags="-q -Wno-interrupts_property"
node=/display-controller@b000000
n=0
failed=0

# report DESCRIPTION STATUS [FILE]: one TAP line; FILE explains a failure
report() {
	n=$((n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $n - $1"
		return
	fi
	failed=$((failed + 1))
	echo "not ok $n - $1"
	if [ -n "${3:-}" ]; then
		sed 's/^/# /' "$3"
	fi
}

# quiet DESCRIPTION COMMAND...: passes if the command succeeds and says nothing
quiet() {
	what=$1
	shift
	status=0
	"$@" >"$tmp/said" 2>&1 || status=1
	if [ -s "$tmp/said" ]; then
		status=1
	fi
	report "$what" $status "$tmp/said"
}

# equals DESCRIPTION EXPECTED FDTGET-ARGUMENTS...: a property's value
equals() {
	what=$1
	expected=$2
	shift 2
	got=$(fdtget "$@" 2>&1) || true
	status=0
	if [ "$got" != "$expected" ]; then
		status=1
		echo "expected '$expected', got '$got'" >"$tmp/said"
	fi
	report "$what" $status "$tmp/said"
}

# apply SOURCE MACHINE OUTPUT: overlay source -> machine tree with the overlay
apply() {
	# shellcheck disable=SC2086 # flags are words
	dtc $dtc_flags -I dts -O dtb -o "$tmp/overlay.dtbo" "$1" &&
		fdtoverlay -i "$2" -o "$3" "$tmp/overlay.dtbo"
}

# The nodes that the overlays add; QEMU's own tree has complaints that are not ours.
ours='display-controller@b000000|hdmi-connector|reserved-memory|display-pool|linux,cma'

# validate DTB: what the schemas have against those nodes
validate() {
	dt-validate -m -s "$tmp/schema.json" "$1" 2>&1 |
		sed "s|^$1[:0-9]*||" |
		awk -v ours="$ours|Traceback" '/^[^\t]/ { keep = $0 ~ "^ *[^ ]*(" ours ")" } keep' |
		grep -Ev "failed to match any schema with compatible: \['($unknown)'\]" || true
}

# own_warnings DTB: what dtc has against them, now that all references are whole
own_warnings() {
	dtc -Wno-graph_child_address -I dtb -O dtb -o "$tmp/again.dtb" "$1" 2>&1 |
		grep -E "/($ours)" || true
}

# refused DESCRIPTION EDIT COMPLAINT: the overlay, edited by sed, is found wrong because of COMPLAINT
refused() {
	status=0
	sed "$2" vdc-virt.dtso >"$tmp/bad.dtso"
	apply "$tmp/bad.dtso" "$tmp/virt-3.dtb" "$tmp/bad.dtb" >"$tmp/said" 2>&1 || status=1
	if cmp -s vdc-virt.dtso "$tmp/bad.dtso"; then
		echo "the edit changed nothing" >"$tmp/said"
		status=1
	elif [ $status -eq 0 ]; then
		validate "$tmp/bad.dtb" >"$tmp/said"
		grep -Eq "$3" "$tmp/said" || status=1
	fi
	report "refused: $1" $status "$tmp/said"
}

for tool in dtc fdtoverlay fdtget dt-validate dt-doc-validate dt-mk-schema \
	    qemu-system-aarch64; do
	if ! command -v $tool >/dev/null; then
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	fi
done

schemas=bindings
# dt-schema 2022.08 has no schema for pools; the connector's is in the kernel tree.
unknown="shared-dma-pool|hdmi-connector"
connector=Documentation/devicetree/bindings/display/connector/hdmi-connector.yaml
if [ -n "${KSRC:-}" ] && [ -f "$KSRC/$connector" ]; then
	schemas="bindings $KSRC/$connector"
	unknown="shared-dma-pool"
fi

if command -v yamllint >/dev/null; then
	quiet "yamllint: binding" yamllint -d relaxed "$binding"
fi
quiet "dt-doc-validate: binding" dt-doc-validate -u bindings "$binding"
# shellcheck disable=SC2086 # a list of paths
quiet "dt-mk-schema: binding" dt-mk-schema -j -o "$tmp/schema.json" $schemas

dt-extract-example "$binding" >"$tmp/example.dts"
quiet "example of the binding compiles" \
	dtc -q -I dts -O dtb -o "$tmp/example.dtb" "$tmp/example.dts"
quiet "example of the binding validates" validate "$tmp/example.dtb"

for gic in 2 3; do
	timeout 60 qemu-system-aarch64 -cpu cortex-a57 -m 1G \
		-M "virt,gic-version=$gic,dumpdtb=$tmp/virt-$gic.dtb" >/dev/null 2>&1

	for overlay in $overlays; do
		merged=$tmp/merged-$gic-$(basename "$overlay" .dtso).dtb
		name="$(basename "$overlay") on virt, GICv$gic"
		quiet "$name: applies" apply "$overlay" "$tmp/virt-$gic.dtb" "$merged"
		quiet "$name: dtc is content" own_warnings "$merged"
		quiet "$name: dt-validate is content" validate "$merged"
		equals "$name: the root keeps its cells" "2
2" \
			"$merged" / "#address-cells" / "#size-cells"
	done
done

merged=$tmp/merged-3-vdc-virt.dtb
equals "registers are where the device maps them" "0 b000000 0 10000" \
	-t x "$merged" $node reg
equals "interrupt is SPI 200, level high" "0 200 4" "$merged" $node interrupts
dtc -q -I dtb -O dts -o "$tmp/virt.dts" "$tmp/virt-3.dtb"
status=0
grep -nE '@b0|[< ](0x)?0+ 0xc8 0x' "$tmp/virt.dts" >"$tmp/said" && status=1
report "the machine itself uses neither" $status "$tmp/said"

cma=/reserved-memory/linux,cma
equals "CMA region is a shared DMA pool" shared-dma-pool "$merged" $cma compatible
for property in reusable linux,cma-default; do
	status=0
	fdtget -p "$merged" $cma | grep -qx $property || status=1
	report "CMA region is $property" $status
done

merged=$tmp/merged-3-vdc-virt-pool.dtb
equals "memory-region leads to the pool" \
	"$(fdtget "$merged" /reserved-memory/display-pool phandle)" "$merged" $node memory-region

refused "no reg" '/reg = <0x0 0x0b/d' "'reg' is a required property"
refused "no interrupts" '/interrupts =/d' "'interrupts' is a required property"
refused "two register windows" 's/reg = <0x0 0x0b.*>/&, <0 0 0 1>/' "reg: .* is too long"
refused "another compatible" 's/vdc,display-1.0/vdc,display-9.0/' \
	"display-controller@b000000: failed to match any schema"
refused "a property of its own" 's/dma-coherent;/vdc,pipes = <2>;/' "'vdc,pipes' does not match"
refused "a fifth output" 's/port@1/port@4/; s/reg = <1>/reg = <4>/' "'port@4' does not match"
refused "a second interrupt" 's/interrupts = <.*>/&, <0 201 4>/' "interrupts: .* is too long"

echo "1..$n"
[ $failed -eq 0 ]

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later OR MIT
"""Write a file as a C array: embed.py INPUT OUTPUT NAME"""
import sys

source, target, name = sys.argv[1:]
with open(source, "rb") as f:
    data = f.read()
with open(target, "w") as f:
    # libfdt reads 64-bit words
    f.write(f"static const unsigned char {name}[] __attribute__((aligned(8))) = {{\n")
    for i in range(0, len(data), 12):
        f.write("\t" + " ".join(f"0x{b:02x}," for b in data[i:i + 12]) + "\n")
    f.write("};\n")

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Run a command on a terminal of a size for a while, then press q; what it wrote to standard output.

Usage: userspace/tests/on_terminal.py COLUMNS LINES SECONDS COMMAND [ARGUMENT]...
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

columns, lines, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
child, terminal = pty.fork()
if child == 0:
    # The size has to be there before the program looks.
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    os.environ["TERM"] = "xterm"
    os.execvp(sys.argv[4], sys.argv[4:])
end, pressed = time.monotonic() + seconds, False
while True:
    left = end - time.monotonic()
    if left <= 0 and not pressed:
        os.write(terminal, b"q")
        pressed = True
    if not select.select([terminal], [], [], 60 if pressed else max(left, 0))[0]:
        if pressed:
            sys.exit("it does not end")
        continue
    try:
        data = os.read(terminal, 65536)
    except OSError:
        data = b""
    if not data:
        break
    sys.stdout.buffer.write(data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
